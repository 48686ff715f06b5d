import { join } from 'node:path'

import { StorageError } from '@subnetkit/core'
import { z } from 'zod'

import type { TruthMeta } from '../output/dataset-meta.ts'
import { findDamagedFile, hashFile, readSnapshotMeta, readTruthMeta } from '../output/existing-dataset.ts'
import { readTableColumns } from '../output/read-table-columns.ts'
import type { ReadyDataset } from '../ports/dataset-store.ts'
import { type PlantedTruth, readPlantedTruth } from './planted-truth.ts'
import { TransferIndex } from './transfer-index.ts'
import { TransferNotes } from './transfer-notes.ts'

/** What the outputs of a run on one dataset are held against. */
export interface JudgedDataset {
  readonly transfers: TransferIndex
  readonly truth: PlantedTruth
}

const transferSchema = z.object({ tx_id: z.string(), from_address: z.string(), to_address: z.string() })
const transferColumns = ['tx_id', 'from_address', 'to_address']
const truthColumns = ['address', 'role', 'pattern_type', 'pattern_instance_id']

/**
 * Reads a dataset for judging: every byte is checked against the checksums first, then the transfers are streamed into
 * an index. Memory: some 35 bytes for a transfer, 200 for an account, and one row group.
 *
 * @throws StorageError `corrupt_row` when a file is missing, damaged, or not of this dataset, which `ensure` repairs; the
 *   signal's reason.
 */
export async function readJudgedDataset(
  ready: Readonly<ReadyDataset>,
  signal: AbortSignal,
): Promise<JudgedDataset> {
  const { format } = await checkDataset(ready, signal)
  const notes = new TransferNotes()
  const transfersPath = join(ready.snapshotFolder, `transfers.${format}`)
  for await (const rows of readTableColumns(transfersPath, transferColumns, signal)) {
    for (const row of rows) {
      const { tx_id: txId, from_address: from, to_address: to } = transferSchema.parse(row)
      notes.note({ txId, from, to })
    }
  }
  const facts: Readonly<Record<string, unknown>>[] = []
  for await (const rows of readTableColumns(
    join(ready.truthFolder, `ground_truth.${format}`),
    truthColumns,
    signal,
  ))
    facts.push(...rows)
  return { transfers: new TransferIndex(notes), truth: readPlantedTruth(facts) }
}

async function checkDataset(ready: Readonly<ReadyDataset>, signal: AbortSignal): Promise<TruthMeta> {
  const { snapshotFolder, truthFolder } = ready
  signal.throwIfAborted()
  const metaSha256 = await hashFile(join(snapshotFolder, 'META.json')).catch(() => null)
  if (metaSha256 !== ready.sha256) throw notThisDataset(join(snapshotFolder, 'META.json'))
  const snapshot = await readSnapshotMeta(snapshotFolder)
  const truth = await readTruthMeta(truthFolder)
  if (snapshot === null || truth?.snapshot_meta_sha256 !== ready.sha256)
    throw notThisDataset(join(truthFolder, 'META.json'))
  for (const [folder, meta] of [
    [snapshotFolder, snapshot],
    [truthFolder, truth],
  ] as const) {
    signal.throwIfAborted()
    const damaged = await findDamagedFile(folder, meta)
    if (damaged !== null) throw notThisDataset(damaged)
  }
  return truth
}

function notThisDataset(path: string): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `${path} is missing, damaged, or of another dataset: ask the dataset store for it again`,
    retryable: true,
    details: { path },
  })
}
