import { decimalSchema, hotkeySchema, networkSchema } from '@subnetkit/core'
import { z } from 'zod'

/** One attempt to reach a miner's axon. */
export const axonProbeSchema = z.strictObject({
  network: networkSchema,
  netuid: z.int().min(0).max(65_535),
  uid: z.int().min(0).max(65_535),
  hotkey: hotkeySchema,
  probedAt: z.date(),
  /** Null when the axon did not answer. */
  latencyMs: z.number().min(0).nullable(),
  /** Stake of the hotkey at that time, in TAO: nine decimal places, exact. */
  stake: decimalSchema,
})

/** One attempt to reach a miner's axon. */
export type AxonProbe = z.infer<typeof axonProbeSchema>

/** How one axon did over a span of time. */
export const axonUptimeSchema = z.strictObject({
  uid: z.int().min(0),
  probes: z.int().min(1),
  answered: z.int().min(0),
  /** Median over the answers; null when there was none. */
  medianLatencyMs: z.number().nullable(),
})

/** How one axon did over a span of time. */
export type AxonUptime = z.infer<typeof axonUptimeSchema>
