import { z } from 'zod'

import { instantSchema, uuidSchema } from './scalars.ts'

/** What a write may have changed, never how: whoever replays it reads the subject as it is by then. */
export const outboxSubjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), agentId: uuidSchema }),
  z.strictObject({ kind: z.literal('version'), agentId: uuidSchema, versionId: uuidSchema }),
  z.strictObject({ kind: z.literal('snapshot'), snapshotId: uuidSchema }),
])
/** See {@link outboxSubjectSchema}. */
export type OutboxSubject = z.infer<typeof outboxSubjectSchema>

/** `pending` before the write is sent; `settled` once its answer is known, so that what it did can be read. */
export const outboxStateSchema = z.enum(['pending', 'settled'])
/** See {@link outboxStateSchema}. */
export type OutboxState = z.infer<typeof outboxStateSchema>

/** One write that another store has to learn of. */
export const outboxEntrySchema = z.strictObject({
  /** Given by the writer, one for each write: two writes to one subject are two entries. */
  entryId: uuidSchema,
  subject: outboxSubjectSchema,
  state: outboxStateSchema,
  /** When it was put as `pending`. */
  putAt: instantSchema,
})
/** See {@link outboxEntrySchema}. */
export type OutboxEntry = z.infer<typeof outboxEntrySchema>
