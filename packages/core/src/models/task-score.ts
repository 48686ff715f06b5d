import { z } from 'zod'

import { taskNameSchema } from './miner-weight-trace.ts'
import { hotkeySchema, instantSchema, netuidSchema, uidSchema } from './scalars.ts'

/**
 * What one scoring event of one task gave one miner. An event is named by its task and task id and scores many miners;
 * each of them has a row of its own, so that a new owner of a uid never inherits a score.
 */
export const taskScoreSchema = z.strictObject({
  netuid: netuidSchema,
  validatorHotkey: hotkeySchema,
  taskName: taskNameSchema,
  /** The event's name within its task, such as a unix time or a run's id. */
  taskId: z.string().regex(/^[\x21-\x7e]{1,256}$/, 'must be 1–256 visible ASCII characters without spaces'),
  /** Where the miner stood at the event. */
  uid: uidSchema,
  hotkey: hotkeySchema,
  /** In the task's own range, higher being better; null for "no score", which is not a score of 0. */
  score: z.number().nullable(),
  /** A word of whoever scored, such as `pending` or `completed`. */
  status: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'must be a lower-case word such as pending'),
  scoredAt: instantSchema,
})
/** See {@link taskScoreSchema}. */
export type TaskScore = z.infer<typeof taskScoreSchema>
