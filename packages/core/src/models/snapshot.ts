import { z } from 'zod'

import { snapshotKeySchema } from './day-key.ts'
import { contentIdSchema, countSchema, instantSchema, sha256Schema } from './scalars.ts'

/** Where a day's inputs come from: a published snapshot, raw transfers, or our detectors' work on raw transfers. */
export const snapshotKindSchema = z.enum(['published', 'transfers', 'detected'])
/** See {@link snapshotKindSchema}. */
export type SnapshotKind = z.infer<typeof snapshotKindSchema>

/** LOADING rows are invisible to readers; READY ones are complete; FAILED ones stay as a record of what went wrong. */
export const snapshotStatusSchema = z.enum(['LOADING', 'READY', 'FAILED'])
/** See {@link snapshotStatusSchema}. */
export type SnapshotStatus = z.infer<typeof snapshotStatusSchema>

/**
 * One version of a day's inputs. Its id is derived from the bytes and options that made it, so loading the same thing
 * again replaces itself, and another version never overwrites it.
 */
export const snapshotSchema = snapshotKeySchema.extend({
  kind: snapshotKindSchema,
  status: snapshotStatusSchema,
  /** Where it was read from, for people: a folder, file or URL. */
  source: z.string().max(4096),
  /** The transfers from which a `detected` snapshot was made; null for the others. */
  sourceSnapshotId: contentIdSchema.nullable(),
  /** Version of the detectors that made a `detected` snapshot; empty for the others. */
  producerVersion: z.string().max(128),
  /** Content hash of all input rows, whatever their order; null until READY. */
  inputsHash: sha256Schema.nullable(),
  countAlerts: countSchema,
  countFeatures: countSchema,
  countClusters: countSchema,
  countMoneyFlows: countSchema,
  countAddressLabels: countSchema,
  countTransfers: countSchema,
  errorMessage: z.string().max(10_000),
  updatedAt: instantSchema,
})
/** See {@link snapshotSchema}. */
export type Snapshot = z.infer<typeof snapshotSchema>
