import { z } from 'zod'

import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  hotkeySchema,
  instantSchema,
  modelRevisionSchema,
  sha256Schema,
  uidSchema,
  unitIntervalSchema,
} from './scalars.ts'

/** How many of the best a snapshot names itself; the rest is in the scores. */
export const MAX_SNAPSHOT_TOP = 32

/** All scores of one block, published as one: readers see it when it is whole, or not at all. */
export const scoreSnapshotSchema = z.strictObject({
  /** Derived from the content of the scores and the parameters: the same scoring again has the same id. */
  snapshotId: contentIdSchema,
  blockNumber: blockNumberSchema,
  validatorHotkey: hotkeySchema,
  /** Name of the weight rule, such as `layers`. */
  rule: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  /** The parameters that it ran with. */
  parameters: z.record(z.string(), z.json()),
  /** Share that goes to the owner's uid 0 instead of to miners. */
  burn: unitIntervalSchema,
  minerCount: countSchema,
  eligibleCount: countSchema,
  /** Of the score rows in the order of hotkeys. */
  scoresHash: sha256Schema,
  /** The best by rank, then first block, then hotkey. */
  top: z
    .array(
      z.strictObject({
        minerHotkey: hotkeySchema,
        modelRevision: modelRevisionSchema,
        uid: uidSchema.nullable(),
        rank: z.int().min(1),
        weight: unitIntervalSchema,
      }),
    )
    .max(MAX_SNAPSHOT_TOP),
  calculatedAt: instantSchema,
})
/** See {@link scoreSnapshotSchema}. */
export type ScoreSnapshot = z.infer<typeof scoreSnapshotSchema>
