import { type Logger, parseInput, type Repositories } from '@subnetkit/core'
import { z } from 'zod'

import { publicKeyOf } from '@subnetkit/core/ss58'

/** Most hotkeys of one list; each request looks them up. */
const MAX_HOTKEYS = 10_000

const allowedSchema = z
  .array(z.string().refine((hotkey) => publicKeyOf(hotkey) !== null, 'must be an SS58 address of format 42'))
  .max(MAX_HOTKEYS)

/** How old an answer may be: a change takes effect within it. */
const MAX_AGE_MS = 2_000

/** Where a list of hotkeys stands. */
export interface AllowedHotkeysParams {
  readonly systemConfig: Pick<Repositories['systemConfig'], 'find'>
  /** The configuration key: a JSON list. */
  readonly key: string
  /** Who is allowed while nothing is configured. */
  readonly unconfigured: readonly string[]
  readonly now: () => Date
  readonly log: Logger
}

/**
 * Reads who is allowed, at most every two seconds. Nobody is, while what is configured does not fit: a typing error never
 * opens the door. A store that cannot be reached is thrown, not taken for an empty list.
 */
export function allowedHotkeysReader(params: AllowedHotkeysParams): () => Promise<ReadonlySet<string>> {
  const { key, log, now, systemConfig, unconfigured } = params
  let known: Readonly<{ atMs: number; allowed: Promise<ReadonlySet<string>> }> | null = null
  const read = async (): Promise<ReadonlySet<string>> => {
    const found = await systemConfig.find({ key })
    if (found === null) return new Set(unconfigured)
    try {
      return new Set(parseInput(allowedSchema, found.setting.value, { subject: key }))
    } catch (error) {
      log.error({ err: error }, `${key} does not fit; nobody is let in`)
      return new Set()
    }
  }
  return async () => {
    const nowMs = now().getTime()
    // A clock that was set back must not keep an answer alive.
    if (known === null || Math.abs(nowMs - known.atMs) >= MAX_AGE_MS) known = { atMs: nowMs, allowed: read() }
    const current = known
    try {
      return await current.allowed
    } catch (error) {
      if (known === current) known = null
      throw error
    }
  }
}
