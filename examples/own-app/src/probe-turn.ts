import { networkSchema } from '@subnetkit/core'
import { z } from 'zod'

/** Whose turn it is to probe a subnet: one prober at a time, whatever the number of processes and machines. */
export const probeTurnSchema = z.strictObject({
  network: networkSchema,
  netuid: z.int().min(0).max(65_535),
  /** Rounds that were probed so far, by all probers together. */
  rounds: z.int().min(0),
  /** Who probes now, until when; null when nobody does. */
  holder: z.strictObject({ owner: z.string().min(1), token: z.string().min(1), until: z.date() }).nullable(),
})

/** Whose turn it is to probe a subnet. */
export type ProbeTurn = z.infer<typeof probeTurnSchema>
