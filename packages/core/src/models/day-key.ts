import { z } from 'zod'

import { contentIdSchema, networkSchema, utcDateSchema, windowDaysSchema } from './scalars.ts'

/** A miner's day: what every input and result belongs to. Days of other windows or networks never touch it. */
export const dayKeySchema = z.strictObject({
  network: networkSchema,
  /** The day on which the window ends, exclusive: the window is [date − windowDays, date) in UTC. */
  processingDate: utcDateSchema,
  windowDays: windowDaysSchema,
})
/** See {@link dayKeySchema}. */
export type DayKey = z.infer<typeof dayKeySchema>

/** One version of a day's inputs. */
export const snapshotKeySchema = dayKeySchema.extend({ snapshotId: contentIdSchema })
/** See {@link snapshotKeySchema}. */
export type SnapshotKey = z.infer<typeof snapshotKeySchema>

/** One version of a day's results. */
export const batchKeySchema = dayKeySchema.extend({ batchId: contentIdSchema })
/** See {@link batchKeySchema}. */
export type BatchKey = z.infer<typeof batchKeySchema>
