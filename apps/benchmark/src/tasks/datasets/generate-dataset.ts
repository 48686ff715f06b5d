import { join } from 'node:path'

import { datasetLayout } from '../../output/dataset-layout.ts'
import type { SnapshotMeta, TruthMeta } from '../../output/dataset-meta.ts'
import { FolderPublication } from '../../output/folder-publication.ts'
import { findExistingDataset } from './find-existing-dataset.ts'
import type { GenerateDatasetParams } from './generate-dataset-params.ts'
import { writeDataset } from './write-dataset.ts'

/** What stands on disk after {@link generateDataset}. */
export interface GeneratedDataset {
  /** False when the same dataset was there already, complete and undamaged. */
  readonly isNew: boolean
  readonly snapshotFolder: string
  readonly truthFolder: string
  readonly snapshot: SnapshotMeta
  readonly truth: TruthMeta
}

/**
 * Writes one dataset: all of it or nothing. Asked for what is already there, it checks that and leaves it. An aborted
 * signal or a failure removes what was begun; a killed process leaves a hidden folder that the next run removes.
 */
export async function generateDataset(params: Readonly<GenerateDatasetParams>): Promise<GeneratedDataset> {
  const { options, out, force, signal } = params
  const layout = datasetLayout(options)
  const folders = { snapshotFolder: join(out, layout.snapshot), truthFolder: join(out, layout.truth) }
  const existing = force ? null : await findExistingDataset(options, folders)
  if (existing !== null) return { isNew: false, ...folders, ...existing }
  signal?.throwIfAborted()
  const publication = await FolderPublication.begin(out, layout.batchId)
  try {
    const metas = await writeDataset(params, publication)
    signal?.throwIfAborted()
    await publication.publish([layout.truth, layout.snapshot])
    return { isNew: true, ...folders, ...metas }
  } catch (error) {
    await publication.discard()
    throw error
  }
}
