import { type ImportFormat, type ImportTarget, InputError } from '@subnetkit/core'

/** A file's role in a snapshot, read from its name. */
export interface SnapshotFileRole {
  readonly fileName: string
  readonly target: ImportTarget
  readonly format: ImportFormat
  readonly isGzipped: boolean
}

/** The aggregates that a published snapshot must hold; the others may be missing. */
const requiredTargets = ['alerts', 'features', 'alertClusters'] as const satisfies readonly ImportTarget[]

const targetsByStem: Readonly<Record<string, ImportTarget>> = {
  alerts: 'alerts',
  features: 'features',
  clusters: 'alertClusters',
  money_flows: 'moneyFlows',
  address_labels: 'addressLabels',
  transfers: 'transfers',
}

const formatsByExtension: Readonly<Record<string, ImportFormat>> = {
  parquet: 'parquet',
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
}

/** Format and compression of a file by its name (`.parquet`, `.csv`, `.jsonl`, `.ndjson`, text ones also `.gz`), or null. */
export function formatOfFileName(fileName: string): { format: ImportFormat; isGzipped: boolean } | null {
  const match = /\.([a-z]+)(\.gz)?$/.exec(fileName.toLowerCase())
  const format = match?.[1] === undefined ? undefined : formatsByExtension[match[1]]
  if (format === undefined) return null
  const isGzipped = match?.[2] !== undefined
  return format === 'parquet' && isGzipped ? null : { format, isGzipped }
}

/** The role of a file of a published snapshot, or null when its name says nothing to us. */
export function snapshotFileRole(fileName: string, network: string): SnapshotFileRole | null {
  const format = formatOfFileName(fileName)
  if (format === null) return null
  const stem = fileName.toLowerCase().replace(/\.[a-z]+(\.gz)?$/, '')
  const target = targetsByStem[stem] ?? (stem === `${network}_address_labels` ? 'addressLabels' : undefined)
  return target === undefined ? null : { fileName, target, ...format }
}

/**
 * The roles of a snapshot's files, each target at most once.
 *
 * @throws InputError when a required file is missing or two files claim one role.
 */
export function snapshotFileRoles(
  fileNames: readonly string[],
  network: string,
  folder: string,
): readonly SnapshotFileRole[] {
  const byTarget = new Map<ImportTarget, SnapshotFileRole>()
  for (const fileName of fileNames.toSorted()) {
    const role = snapshotFileRole(fileName, network)
    if (role === null || role.target === 'transfers') continue
    const other = byTarget.get(role.target)
    if (other !== undefined) {
      throw new InputError({
        field: folder,
        problem: `holds both ${other.fileName} and ${role.fileName} for ${role.target}`,
        hint: 'keep one of them',
      })
    }
    byTarget.set(role.target, role)
  }
  for (const target of requiredTargets) {
    if (byTarget.has(target)) continue
    const stem = target === 'alertClusters' ? 'clusters' : target
    throw new InputError({
      field: folder,
      problem: `holds no ${stem} file`,
      hint: `a published snapshot needs ${stem}.parquet, ${stem}.csv or ${stem}.jsonl; for raw transfers use --transfers`,
    })
  }
  return [...byTarget.values()]
}
