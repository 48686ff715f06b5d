import { networkSchema, sha256Schema, utcDateSchema } from '@subnetkit/core'
import { z } from 'zod'

import { datasetFormats } from '../dataset/dataset-options.ts'

const shared = {
  schema_version: z.literal('1.0.0'),
  /** `{network}-{date}-{N}d`. */
  batch_id: z.string(),
  network: networkSchema,
  processing_date: utcDateSchema,
  window_days: z.int(),
  generated_at: z.string(),
  format: z.enum(datasetFormats),
  /** Rows by table. */
  counts: z.record(z.string(), z.int()),
  /** Checksums by file name; META.json itself is not among them. */
  sha256: z.record(z.string(), sha256Schema),
}

/** META.json of the snapshot. It holds neither the seed nor anything else from which the truth could be made again. */
export const snapshotMetaSchema = z.strictObject(shared)
/** See {@link snapshotMetaSchema}. */
export type SnapshotMeta = z.infer<typeof snapshotMetaSchema>

/** META.json of the truth: the options that made the dataset, what is planted, and how far simple columns give it away. */
export const truthMetaSchema = z.strictObject({
  ...shared,
  /** The version of the generator; another version makes another dataset from the same seed. */
  generator_version: z.int(),
  seed: z.string(),
  transfers: z.int(),
  /** SHA-256 of the snapshot's META.json: ties the truth to its snapshot. */
  snapshot_meta_sha256: sha256Schema,
  patterns: z.array(
    z.strictObject({
      /** The shape, which tells a peel chain from the other layering paths. */
      shape: z.string(),
      pattern_type: z.string(),
      instances: z.int(),
      accounts: z.int(),
      transfers: z.int(),
      smallest: z.int(),
      largest: z.int(),
    }),
  ),
  separability: z.strictObject({
    active_accounts: z.int(),
    planted_accounts: z.int(),
    compared_accounts: z.int(),
    auc: z.record(z.string(), z.number().nullable()),
    culprit_auc: z.record(z.string(), z.number().nullable()),
  }),
})
/** See {@link truthMetaSchema}. */
export type TruthMeta = z.infer<typeof truthMetaSchema>

/** Raise it with each change that moves a byte of any dataset. */
export const GENERATOR_VERSION = 2
