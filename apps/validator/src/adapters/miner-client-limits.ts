import { parseInput } from '@subnetkit/core'
import { z } from 'zod'

/** What a miner may use up. */
export interface MinerClientLimits {
  /** Until the connection stands, TLS included, in ms. @default 10,000 */
  readonly connectMs?: number
  /** From there to the head of the reply, in ms; models think before they send one. @default 300,000 */
  readonly firstByteMs?: number
  /** For everything, retries and waits included, in ms. @default 600,000 */
  readonly totalMs?: number
  /** Longest body. @default 2 MiB */
  readonly responseBytes?: number
  /** Longest head of a reply. @default 16 KiB */
  readonly headerBytes?: number
  /** How often a miner is asked at most. @default 3 */
  readonly tries?: number
  /** Before the second try, in ms; doubled with each. @default 500 */
  readonly retryDelayMs?: number
  /** The longest wait that a miner may ask for, in ms; a longer one is shortened to it. @default 30,000 */
  readonly retryAfterMs?: number
}

const defaults: Required<MinerClientLimits> = {
  connectMs: 10_000,
  firstByteMs: 300_000,
  totalMs: 600_000,
  responseBytes: 2 * 1024 * 1024,
  headerBytes: 16 * 1024,
  tries: 3,
  retryDelayMs: 500,
  retryAfterMs: 30_000,
}

const limit = z.int().min(1).max(86_400_000)
const limitsSchema = z.strictObject({
  connectMs: limit,
  firstByteMs: limit,
  totalMs: limit,
  responseBytes: limit,
  headerBytes: limit,
  tries: z.int().min(1).max(20),
  retryDelayMs: limit,
  retryAfterMs: limit,
})

/** The limits with their defaults. @throws InputError when one is out of range or unknown. */
export function parseMinerClientLimits(limits: MinerClientLimits): Required<MinerClientLimits> {
  return parseInput(limitsSchema, { ...defaults, ...limits }, { subject: 'miner client limits' })
}
