import { join } from 'node:path'

import { InputError } from '@subnetkit/core'

import type { DatasetOptions } from '../../dataset/dataset-options.ts'
import type { SnapshotMeta, TruthMeta } from '../../output/dataset-meta.ts'
import { GENERATOR_VERSION } from '../../output/dataset-meta.ts'
import { findDamagedFile, hashFile, readSnapshotMeta, readTruthMeta } from '../../output/existing-dataset.ts'

/** Both descriptions of a dataset on disk. */
export interface ExistingDataset {
  readonly snapshot: SnapshotMeta
  readonly truth: TruthMeta
}

/** The options that a dataset on disk was made with, and those that are wanted now, by flag. */
function findDifference(options: DatasetOptions, { truth }: ExistingDataset): string | null {
  const pairs: readonly (readonly [flag: string, made: string | number, wanted: string | number])[] = [
    ['--seed', truth.seed, options.seed],
    ['--transfers', truth.transfers, options.transfers],
    ['--format', truth.format, options.format],
    ['--generated-at', truth.generated_at, options.generatedAt],
    ['generator version', truth.generator_version, GENERATOR_VERSION],
  ]
  const different = pairs.find(([, made, wanted]) => made !== wanted)
  return different === undefined ? null : `${different[0]} ${different[1]}`
}

/**
 * The same dataset, if it is there complete and undamaged; null when there is nothing, or only the truth that a crash
 * between two renames left. Anything else in that place is an InputError: it is not ours to replace unasked.
 */
export async function findExistingDataset(
  options: DatasetOptions,
  folders: { readonly snapshotFolder: string; readonly truthFolder: string },
): Promise<ExistingDataset | null> {
  const { snapshotFolder, truthFolder } = folders
  const refuse = (problem: string): InputError =>
    new InputError({
      field: '--out',
      value: snapshotFolder,
      problem,
      hint: 'replace it with --force, or give another --out',
    })
  const snapshot = await readSnapshotMeta(snapshotFolder)
  if (snapshot === null) return null
  const truth = await readTruthMeta(truthFolder)
  if (truth === null) throw refuse('holds a snapshot whose truth is not beside it')
  const difference = findDifference(options, { snapshot, truth })
  if (difference !== null) throw refuse(`already holds a dataset made with ${difference}`)
  if ((await hashFile(join(snapshotFolder, 'META.json'))) !== truth.snapshot_meta_sha256)
    throw refuse('holds a snapshot that its truth does not belong to')
  const damaged =
    (await findDamagedFile(snapshotFolder, snapshot)) ?? (await findDamagedFile(truthFolder, truth))
  if (damaged !== null) throw refuse(`holds a damaged dataset (${damaged})`)
  return { snapshot, truth }
}
