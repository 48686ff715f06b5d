import { type DayKey, type ImportTarget, InputError } from '@subnetkit/core'

import { digestFile, type FileDigests } from '../adapters/file-digests.ts'
import type { SnapshotSource, SourceFile } from '../ports/snapshot-source.ts'
import { contentId } from '../snapshot/content-id.ts'
import { type SnapshotFileRole, snapshotFileRole, snapshotFileRoles } from '../snapshot/snapshot-files.ts'
import { parseSnapshotMeta, type SnapshotMeta } from '../snapshot/snapshot-meta.ts'
import { type DayDeps, dayKeyOf, type StepOptions } from './day-steps.ts'
import { importSourceFile } from './import-source-file.ts'
import { type LoadedSnapshot, loadSnapshot, type SnapshotCounts } from './load-snapshot.ts'

/** What ingesting a published snapshot needs beyond the day. */
export interface IngestSnapshotParams {
  readonly key: DayKey
  readonly source: SnapshotSource
  /** Labels that are published apart from the snapshot. */
  readonly labels?: SourceFile
  readonly isForced: boolean
}

interface CheckedFile {
  readonly file: SourceFile
  readonly role: SnapshotFileRole
  readonly digests: FileDigests
}

const countFields: Readonly<Record<ImportTarget, keyof SnapshotCounts>> = {
  alerts: 'countAlerts',
  features: 'countFeatures',
  alertClusters: 'countClusters',
  moneyFlows: 'countMoneyFlows',
  addressLabels: 'countAddressLabels',
  transfers: 'countTransfers',
}

/** Targets of which a published snapshot without a single row is broken. */
const neverEmpty: ReadonlySet<ImportTarget> = new Set(['alerts', 'features'])

/**
 * Input A: a published snapshot. Checksums are verified before the first row is stored, counts before the snapshot
 * becomes READY; the same files again are recognised by their content.
 *
 * @throws InputError for whatever is wrong with the files; nothing is visible then.
 */
export async function ingestSnapshot(
  deps: DayDeps,
  params: IngestSnapshotParams,
  options: StepOptions,
): Promise<LoadedSnapshot> {
  const key = dayKeyOf(params.key)
  options.progress(`reading ${params.source.description}`)
  const files = await params.source.listFiles(options.signal)
  const meta = await readMeta(files, key, params.source.description)
  const checked = await checkFiles(files, meta, params, options)
  const snapshotKey = { ...key, snapshotId: snapshotIdOf(key, checked) }
  await using _lock = await deps.lock.acquire(key, options.signal)
  return await loadSnapshot(
    deps,
    {
      key: snapshotKey,
      kind: 'published',
      source: params.source.description,
      sourceSnapshotId: null,
      producerVersion: '',
      isForced: params.isForced,
      load: async (loadKey) => {
        const counts: SnapshotCounts = {}
        for (const { file, role, digests } of checked) {
          const { rows } = await importSourceFile(deps, { key: loadKey, file, role, digests }, options)
          requireCount(file, role, rows, meta)
          counts[countFields[role.target]] = rows
        }
        return counts
      },
    },
    options,
  )
}

async function readMeta(files: readonly SourceFile[], key: DayKey, source: string): Promise<SnapshotMeta> {
  const file = files.find(({ name }) => name === 'META.json')
  if (file === undefined) {
    throw new InputError({
      field: source,
      problem: 'holds no META.json',
      hint: 'without checksums a snapshot cannot be trusted; fetch it whole',
    })
  }
  return parseSnapshotMeta(new TextDecoder().decode(await file.read(0, file.sizeBytes)), key)
}

async function checkFiles(
  files: readonly SourceFile[],
  meta: SnapshotMeta,
  params: IngestSnapshotParams,
  options: StepOptions,
): Promise<readonly CheckedFile[]> {
  const { network } = params.key
  const roles = snapshotFileRoles(
    files.map(({ name }) => name),
    network,
    params.source.description,
  )
  const byName = new Map(files.map((file) => [file.name, file]))
  requireListedFiles(meta, byName)
  const checked: CheckedFile[] = []
  for (const role of roles) {
    const file = byName.get(role.fileName)
    if (file === undefined || (role.target === 'addressLabels' && params.labels !== undefined)) continue
    options.progress(`checking ${file.name}`)
    const digests = await digestFile(file, options.signal)
    requireChecksum(file, digests, meta)
    checked.push({ file, role, digests })
  }
  if (params.labels !== undefined) {
    checked.push({
      file: params.labels,
      role: labelsRole(params.labels, network),
      digests: await digestFile(params.labels, options.signal),
    })
  }
  return checked
}

function labelsRole(file: SourceFile, network: string): SnapshotFileRole {
  const extension = /(?:\.[a-z]+)(?:\.gz)?$/i.exec(file.name)?.[0] ?? ''
  const role = snapshotFileRole(`address_labels${extension}`, network)
  if (role !== null) return { ...role, fileName: file.name }
  throw new InputError({
    field: '--labels',
    value: file.name,
    problem: 'is of no known format',
    hint: 'give a .parquet, .csv or .jsonl file',
  })
}

/** A file that META.json speaks of must be there, whatever its role. */
function requireListedFiles(meta: SnapshotMeta, byName: ReadonlyMap<string, SourceFile>): void {
  for (const name of meta.checksums.keys()) {
    if (byName.has(name)) continue
    throw new InputError({
      field: 'META.json',
      value: name,
      problem: 'is listed, but the file is missing',
      hint: 'fetch the snapshot whole',
    })
  }
}

function requireChecksum(file: SourceFile, digests: FileDigests, meta: SnapshotMeta): void {
  const checksum = meta.checksums.get(file.name)
  if (checksum === undefined) {
    throw new InputError({
      field: `META.json: ${file.name}`,
      problem: 'has no checksum',
      hint: 'a file without one cannot be trusted; take it out of the folder or fetch a META.json that lists it',
    })
  }
  const found = digests[checksum.algorithm]
  if (found === checksum.hex) return
  throw new InputError({
    field: file.name,
    value: found,
    problem: `is not the ${checksum.algorithm} that META.json gives, ${checksum.hex}`,
    hint: 'fetch the file again; nothing was loaded',
  })
}

function requireCount(file: SourceFile, role: SnapshotFileRole, rows: number, meta: SnapshotMeta): void {
  const promised = meta.counts[role.target]
  if (promised !== undefined && promised !== rows) {
    throw new InputError({
      field: file.name,
      value: rows,
      problem: `rows were found where META.json counts ${promised}`,
      hint: 'fetch the snapshot again; nothing became visible',
    })
  }
  if (rows === 0 && neverEmpty.has(role.target)) {
    throw new InputError({
      field: file.name,
      problem: 'holds no rows',
      hint: 'a published snapshot has at least one',
    })
  }
}

/** Derived from the day and the files' bytes; names and folders do not matter. */
function snapshotIdOf(key: DayKey, checked: readonly CheckedFile[]): string {
  const parts = checked
    .map(({ role, digests }) => `${role.target}:${role.format}:${digests.sha256}`)
    .toSorted()
  return contentId(['published', key.network, key.processingDate, key.windowDays, ...parts])
}
