import { MAX_SNAPSHOT_TOP } from '@subnetkit/core'
import { z } from 'zod'

/** Ranks whose models keep their samples for ever, once they were reached in any snapshot. 0 protects nobody. */
export const keepTopSchema = z.int().min(0).max(MAX_SNAPSHOT_TOP).default(3)

/** What planning and applying retention are told. */
export const retentionContextSchema = z.strictObject({
  keepTop: keepTopSchema,
  /** Samples taken more than so many days ago may go. */
  olderThanDays: z.int().min(1).max(36_500).default(90),
  /**
   * Whether samples of a miner's current model may go as well. They count in scores until its next model, so without
   * them the miner would be asked everything anew.
   */
  includesCurrent: z.boolean().default(false),
})
/** See {@link retentionContextSchema}. */
export type RetentionContext = z.infer<typeof retentionContextSchema>
