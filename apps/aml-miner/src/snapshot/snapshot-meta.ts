import { type DayKey, type ImportTarget, InputError } from '@subnetkit/core'
import { z } from 'zod'

/** A checksum as META.json gives it. */
export interface FileChecksum {
  readonly algorithm: 'sha256' | 'md5'
  /** Lower-case hex. */
  readonly hex: string
}

/** What META.json promises about a snapshot. */
export interface SnapshotMeta {
  /** Rows per aggregate, where promised. */
  readonly counts: Readonly<Partial<Record<ImportTarget, number>>>
  /** Checksum per file name. */
  readonly checksums: ReadonlyMap<string, FileChecksum>
}

const sha256 = z.string().regex(/^[0-9a-fA-F]{64}$/, 'is not a SHA-256 in hex')
const md5 = z.string().regex(/^[0-9a-fA-F]{32}$/, 'is not an MD5 in hex')

/** Both shapes that are in use: `sha256: {file: hex}` of the exporter, `files: {file: {md5|sha256}}` of the consumer. */
const metaSchema = z.looseObject({
  network: z.string().optional(),
  processing_date: z.string().optional(),
  window_days: z.int().optional(),
  counts: z.record(z.string(), z.int().min(0)).optional(),
  sha256: z.record(z.string(), sha256).optional(),
  files: z
    .record(
      z.string(),
      z.looseObject({ sha256: sha256.optional(), md5: md5.optional(), rows: z.int().min(0).optional() }),
    )
    .optional(),
})

const countTargets: Readonly<Record<string, ImportTarget>> = {
  alerts: 'alerts',
  features: 'features',
  clusters: 'alertClusters',
  money_flows: 'moneyFlows',
  address_labels: 'addressLabels',
  transfers: 'transfers',
}

/**
 * Reads META.json in either shape and checks that it speaks of this day.
 *
 * @throws InputError when it is no JSON, of neither shape, or of another network, date or window.
 */
export function parseSnapshotMeta(text: string, key: DayKey): SnapshotMeta {
  const meta = parseJson(text)
  requireSame('network', meta.network, key.network)
  requireSame('processing_date', meta.processing_date, key.processingDate)
  requireSame('window_days', meta.window_days, key.windowDays)
  const checksums = new Map<string, FileChecksum>()
  for (const [file, hex] of Object.entries(meta.sha256 ?? {})) {
    checksums.set(file, { algorithm: 'sha256', hex: hex.toLowerCase() })
  }
  for (const [file, entry] of Object.entries(meta.files ?? {})) {
    if (entry.sha256 !== undefined)
      checksums.set(file, { algorithm: 'sha256', hex: entry.sha256.toLowerCase() })
    else if (entry.md5 !== undefined && !checksums.has(file)) {
      checksums.set(file, { algorithm: 'md5', hex: entry.md5.toLowerCase() })
    }
  }
  if (checksums.size === 0) {
    throw new InputError({
      field: 'META.json',
      problem: 'names no checksum',
      hint: 'it needs "sha256": {file: hex} or "files": {file: {"md5": hex}}',
    })
  }
  const counts: Partial<Record<ImportTarget, number>> = {}
  for (const [name, count] of Object.entries(meta.counts ?? {})) {
    const target = countTargets[name]
    if (target !== undefined) counts[target] = count
  }
  return { counts, checksums }
}

function parseJson(text: string): z.infer<typeof metaSchema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InputError({
      field: 'META.json',
      problem: 'is not JSON',
      hint: 'fetch the snapshot again, it may be cut off',
      cause: error,
    })
  }
  const parsed = metaSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InputError({
    field: `META.json: ${issue?.path.join('.') ?? ''}`,
    problem: issue?.message ?? 'does not fit',
    hint: 'it must be the META.json of a published snapshot',
    cause: parsed.error,
  })
}

function requireSame(field: string, found: string | number | undefined, wanted: string | number): void {
  if (found === undefined || found === wanted) return
  throw new InputError({
    field: `META.json: ${field}`,
    value: found,
    problem: `is not the asked-for ${wanted}`,
    hint: 'give the folder of that day, or ask for the day that the folder holds',
  })
}
