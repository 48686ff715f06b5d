import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { checkpoint } from '@subnetkit/core'

import type { DatasetOptions } from '../../dataset/dataset-options.ts'
import type { DatasetPlan } from '../../dataset/dataset-plan.ts'
import { planDataset } from '../../dataset/dataset-plan.ts'
import { generateTransfers } from '../../dataset/generate-transfers.ts'
import { labelColumns, labelRows } from '../../dataset/label-rows.ts'
import { summarisePatterns } from '../../dataset/patterns/summarise-patterns.ts'
import { Separability } from '../../dataset/statistics/separability.ts'
import { TransferRows, transferColumns } from '../../dataset/transfer-rows.ts'
import {
  PlantedTransfers,
  plantedTransferColumns,
  truthColumns,
  truthRows,
} from '../../dataset/truth-rows.ts'
import { createTableWriter } from '../../output/create-table-writer.ts'
import { datasetLayout } from '../../output/dataset-layout.ts'
import type { SnapshotMeta, TruthMeta } from '../../output/dataset-meta.ts'
import { GENERATOR_VERSION, snapshotMetaSchema, truthMetaSchema } from '../../output/dataset-meta.ts'
import type { FolderPublication } from '../../output/folder-publication.ts'
import { HashedFile } from '../../output/hashed-file.ts'
import type { ColumnSpec, ColumnValues, WrittenFile } from '../../output/table-columns.ts'
import type { GenerateDatasetParams } from './generate-dataset-params.ts'

/** Writes all files of a dataset into an unpublished folder, the snapshot's and the truth's META.json last. */
export async function writeDataset(
  params: Readonly<GenerateDatasetParams>,
  publication: FolderPublication,
): Promise<{ snapshot: SnapshotMeta; truth: TruthMeta }> {
  const { options } = params
  const layout = datasetLayout(options)
  const plan = planDataset(options)
  const snapshotFolder = await publication.folder(layout.snapshot)
  const truthFolder = await publication.folder(layout.truth)
  const shared = {
    schema_version: '1.0.0',
    batch_id: layout.batchId,
    network: options.network,
    processing_date: options.date,
    window_days: options.windowDays,
    generated_at: options.generatedAt,
    format: options.format,
  }
  const { transfers, planted, separability } = await writeTransfers(params, plan, snapshotFolder)
  const labels = await writeTable(params, snapshotFolder, 'address_labels', labelColumns, labelRows(plan))
  const snapshot = snapshotMetaSchema.parse({
    ...shared,
    ...tableFacts(options, { transfers, address_labels: labels }),
  })
  const snapshotSha256 = await writeMeta(snapshotFolder, snapshot)
  const truthFile = await writeTable(params, truthFolder, 'ground_truth', truthColumns, truthRows(plan))
  const plantedFile = await writeTable(
    params,
    truthFolder,
    'planted_transfers',
    plantedTransferColumns,
    planted.rows(),
  )
  const truth = truthMetaSchema.parse({
    ...shared,
    ...tableFacts(options, { ground_truth: truthFile, planted_transfers: plantedFile }),
    generator_version: GENERATOR_VERSION,
    seed: options.seed,
    transfers: options.transfers,
    snapshot_meta_sha256: snapshotSha256,
    patterns: summarisePatterns(plan.instances),
    separability: separability.report(),
  })
  await writeMeta(truthFolder, truth)
  return { snapshot, truth }
}

/** Streams the transfers to their file, and lets the truth and the statistics watch. */
async function writeTransfers(
  params: Readonly<GenerateDatasetParams>,
  plan: DatasetPlan,
  folder: string,
): Promise<{ transfers: WrittenFile; planted: PlantedTransfers; separability: Separability }> {
  const { options, onProgress, signal } = params
  const planted = new PlantedTransfers(plan)
  const separability = new Separability(plan)
  const rows = new TransferRows(plan)
  const path = join(folder, `transfers.${options.format}`)
  const writer = await createTableWriter(options.format, path, transferColumns)
  let done = 0
  try {
    for (const hour of generateTransfers(plan)) {
      await checkpoint(signal)
      separability.note(hour.buffer)
      const columns = rows.columns(hour)
      planted.noteHour(hour, columns)
      await writer.write(columns)
      done += hour.buffer.length
      onProgress?.({ done, total: options.transfers, unit: 'transfers', stage: 'write transfers' })
    }
    return { transfers: await writer.finish(), planted, separability }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function writeTable(
  params: Readonly<GenerateDatasetParams>,
  folder: string,
  name: string,
  specs: readonly ColumnSpec[],
  columns: readonly ColumnValues[],
): Promise<WrittenFile> {
  params.signal?.throwIfAborted()
  const { format } = params.options
  const writer = await createTableWriter(format, join(folder, `${name}.${format}`), specs)
  try {
    await writer.write(columns)
    return await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** Rows and checksums of tables, keyed as META.json wants them. */
function tableFacts(
  options: DatasetOptions,
  tables: Readonly<Record<string, WrittenFile>>,
): Pick<SnapshotMeta, 'counts' | 'sha256'> {
  const entries = Object.entries(tables)
  return {
    counts: Object.fromEntries(entries.map(([name, { rows }]) => [name, rows])),
    sha256: Object.fromEntries(entries.map(([name, { sha256 }]) => [`${name}.${options.format}`, sha256])),
  }
}

/** Writes META.json and returns its checksum. */
async function writeMeta(folder: string, meta: SnapshotMeta | TruthMeta): Promise<string> {
  const text = `${JSON.stringify(meta, null, 2)}\n`
  const file = await HashedFile.create(join(folder, 'META.json'))
  await file.write(Buffer.from(text, 'utf8'))
  await file.finish()
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
