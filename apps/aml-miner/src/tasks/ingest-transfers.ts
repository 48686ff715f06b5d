import { type DayKey, InputError, type TransferImportOptions } from '@subnetkit/core'

import { digestFile, type FileDigests } from '../adapters/file-digests.ts'
import type { SourceFile } from '../ports/snapshot-source.ts'
import { contentId } from '../snapshot/content-id.ts'
import { formatOfFileName, type SnapshotFileRole } from '../snapshot/snapshot-files.ts'
import { type DayDeps, dayKeyOf, type StepOptions } from './day-steps.ts'
import { importSourceFile } from './import-source-file.ts'
import { type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts'

/** What ingesting raw transfers needs beyond the day. */
export interface IngestTransfersParams {
  readonly key: DayKey
  readonly file: SourceFile
  /** Which source column feeds which field of a transfer. */
  readonly columnMap: Readonly<Record<string, string>>
  readonly transfers: TransferImportOptions
  /** Labels of addresses, where somebody has them. */
  readonly labels?: SourceFile
  readonly isForced: boolean
}

/** What ingesting found. */
export interface IngestedTransfers extends LoadedSnapshot {
  /** Transfers of the file that lie outside the window; 0 when nothing had to be loaded. */
  readonly outsideWindow: number
}

/**
 * Input B: raw transfers of one window, with labels where there are any.
 *
 * @throws InputError for whatever is wrong with the files, and when no transfer lies in the window.
 */
export async function ingestTransfers(
  deps: DayDeps,
  params: IngestTransfersParams,
  options: StepOptions,
): Promise<IngestedTransfers> {
  const key = dayKeyOf(params.key)
  const { file, labels, columnMap, transfers } = params
  options.progress(`checking ${file.name}`)
  const digests = await digestFile(file, options.signal)
  const labelDigests = labels === undefined ? null : await digestFile(labels, options.signal)
  const snapshotKey = { ...key, snapshotId: snapshotIdOf(params, digests, labelDigests) }
  let outsideWindow = 0
  await using _lock = await deps.lock.acquire(key, options.signal)
  const loaded = await loadSnapshot(
    deps,
    {
      key: snapshotKey,
      kind: 'transfers',
      source: file.name,
      sourceSnapshotId: null,
      producerVersion: '',
      isForced: params.isForced,
      load: async (loadKey) => {
        const role = roleOf('--transfers', file, 'transfers')
        const imported = await importSourceFile(
          deps,
          { key: loadKey, file, role, digests, columnMap, transfers },
          options,
        )
        outsideWindow = imported.outsideWindow
        requireTransfers(file, imported.rows, outsideWindow, key)
        if (labels === undefined || labelDigests === null) return { countTransfers: imported.rows }
        const labelled = await importSourceFile(
          deps,
          {
            key: loadKey,
            file: labels,
            role: roleOf('--labels', labels, 'addressLabels'),
            digests: labelDigests,
          },
          options,
        )
        return { countTransfers: imported.rows, countAddressLabels: labelled.rows }
      },
    },
    options,
  )
  return { ...loaded, outsideWindow }
}

function roleOf(flag: string, file: SourceFile, target: 'addressLabels' | 'transfers'): SnapshotFileRole {
  const format = formatOfFileName(file.name)
  if (format !== null) return { fileName: file.name, target, ...format }
  throw new InputError({
    field: flag,
    value: file.name,
    problem: 'is of no known format',
    hint: 'give a .parquet, .csv, .jsonl, .csv.gz or .jsonl.gz file',
  })
}

function requireTransfers(file: SourceFile, rows: number, outsideWindow: number, key: DayKey): void {
  if (rows > 0) return
  throw new InputError({
    field: file.name,
    problem:
      outsideWindow === 0
        ? 'holds no transfers'
        : `holds ${outsideWindow} transfers, none of them in the ${key.windowDays} days before ${key.processingDate}`,
    hint: 'check --date, --window-days and the unit of the times',
  })
}

function snapshotIdOf(
  params: IngestTransfersParams,
  digests: FileDigests,
  labels: FileDigests | null,
): string {
  const { key, columnMap, transfers } = params
  return contentId([
    'transfers',
    key.network,
    key.processingDate,
    key.windowDays,
    digests.sha256,
    labels?.sha256 ?? '',
    JSON.stringify(Object.entries(columnMap).toSorted()),
    transfers.timestampUnit,
    transfers.dayZero ?? '',
    transfers.amounts,
  ])
}
