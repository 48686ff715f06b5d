import {
  type AddressLabel,
  type Alert,
  type AlertCluster,
  type DayKey,
  type Feature,
  InputError,
  type Snapshot,
  type SnapshotKey,
  type TransferColumns,
} from '@subnetkit/core'

import { detect } from '../detection/detect.ts'
import { DETECTOR_VERSION } from '../detection/detector-version.ts'
import type { DetectionInput, DetectionLabel, DetectionWindow } from '../detection/detection-input.ts'
import type { DetectedAlert, DetectedCluster, DetectionResult } from '../detection/detection-result.ts'
import { ruleFeatureNames } from '../detection/rule-feature-names.ts'
import { contentId } from '../snapshot/content-id.ts'
import { decimalOfMicroUsd } from '../snapshot/micro-usd.ts'
import { type DayDeps, dayKeyOf, type StepOptions } from './day-steps.ts'
import { type LoadedSnapshot, loadSnapshot, type SnapshotCounts } from './load-snapshot.ts'

const DAY_MS = 86_400_000

/** What detection found, besides the snapshot that holds it. */
export interface DetectedPatterns extends LoadedSnapshot {
  /** What a reader must know: rules that were off, budgets that were hit. Empty when nothing had to be done. */
  readonly notices: readonly string[]
}

/**
 * Turns the day's transfers into features, alerts and clusters: a new snapshot whose id follows from the transfers and
 * the detectors' version, so that the same work is never done twice and another version never overwrites it.
 *
 * @throws InputError when the day has no transfers.
 */
export async function detectPatterns(
  deps: DayDeps,
  params: Readonly<{ key: DayKey; isForced: boolean }>,
  options: StepOptions,
): Promise<DetectedPatterns> {
  const key = dayKeyOf(params.key)
  await using _lock = await deps.lock.acquire(key, options.signal)
  const source = await findTransfers(deps, key, options)
  const target = { ...key, snapshotId: contentId(['detected', source.snapshotId, DETECTOR_VERSION]) }
  let notices: readonly string[] = []
  const loaded = await loadSnapshot(
    deps,
    {
      key: target,
      kind: 'detected',
      source: source.source,
      sourceSnapshotId: source.snapshotId,
      producerVersion: DETECTOR_VERSION,
      isForced: params.isForced,
      load: async (loadKey) => {
        const found = await findPatterns(deps, source, loadKey, options)
        notices = found.result.notices.map(({ detector, message }) => `${detector}: ${message}`)
        return storePatterns(deps, loadKey, found, options)
      },
    },
    options,
  )
  return { ...loaded, notices }
}

async function findTransfers(deps: DayDeps, key: DayKey, { signal }: StepOptions): Promise<Snapshot> {
  const source = await deps.repositories.snapshots.findReady({ key, kinds: ['transfers'] }, { signal })
  if (source !== null) return source
  throw new InputError({
    field: '--date',
    value: key.processingDate,
    problem: `has no transfers of ${key.network} in a window of ${key.windowDays} days`,
    hint: 'load them first: aml-miner ingest --transfers FILE',
  })
}

interface FoundPatterns {
  readonly transfers: TransferColumns
  readonly result: DetectionResult
  readonly derivedFeatures: number
}

async function findPatterns(
  deps: DayDeps,
  source: SnapshotKey,
  target: SnapshotKey,
  options: StepOptions,
): Promise<FoundPatterns> {
  const { features } = deps.repositories
  const { signal, progress } = options
  const sourceKey = { ...dayKeyOf(source), snapshotId: source.snapshotId }
  progress('computing features')
  const derived = await features.deriveFromTransfers({ source: sourceKey, target }, { signal })
  const { transfers, ...input } = await readDetectionInput(deps, source, options)
  const ruleFeatures = await features.readColumns({ key: target, featureNames: ruleFeatureNames }, { signal })
  progress(`looking for patterns in ${transfers.from.length} transfers`)
  const result = await detect({ ...input, transfers, features: ruleFeatures }, {}, signal)
  return { transfers, result, derivedFeatures: derived.rows }
}

/** Reads what detection looks at of a snapshot of transfers, but for features: rules on those are off without. */
export async function readDetectionInput(
  deps: DayDeps,
  source: SnapshotKey,
  { signal, progress }: StepOptions,
): Promise<DetectionInput> {
  const { addressLabels, transfers: transferRows } = deps.repositories
  const key = { ...dayKeyOf(source), snapshotId: source.snapshotId }
  progress('reading transfers')
  const transfers = await transferRows.readColumns({ key }, { signal })
  const labels = await indexLabels(addressLabels.stream({ key }, { signal }), transfers.addresses)
  return { transfers, window: windowOf(source), labels }
}

function windowOf({ network, processingDate, windowDays }: DayKey): DetectionWindow {
  const endMs = Date.parse(`${processingDate}T00:00:00.000Z`)
  return { network, processingDate, windowDays, startMs: endMs - windowDays * DAY_MS, endMs }
}

/** Labels by address id; of several labels on one address the riskiest counts, then the first by label. */
async function indexLabels(
  labels: AsyncIterable<AddressLabel>,
  addresses: readonly string[],
): Promise<ReadonlyMap<number, DetectionLabel>> {
  const risks = ['low', 'medium', 'high', 'critical']
  const ids = new Map(addresses.map((address, id) => [address, id]))
  const byId = new Map<number, DetectionLabel>()
  for await (const { address, addressType, riskLevel, trustLevel } of labels) {
    const id = ids.get(address)
    if (id === undefined) continue
    const known = byId.get(id)
    if (known !== undefined && risks.indexOf(known.riskLevel) >= risks.indexOf(riskLevel)) continue
    byId.set(id, { addressType, riskLevel, trustLevel })
  }
  return byId
}

async function storePatterns(
  deps: DayDeps,
  key: SnapshotKey,
  { transfers, result, derivedFeatures }: FoundPatterns,
  { signal, progress }: StepOptions,
): Promise<SnapshotCounts> {
  const { alertClusters, alerts, features } = deps.repositories
  progress(`storing ${result.alerts.length} alerts and ${result.clusters.length} clusters`)
  const stored = await features.put({ rows: graphFeatureRows(key, transfers, result) }, { signal })
  await alerts.put({ rows: result.alerts.map((alert) => toAlert(key, alert)) }, { signal })
  await alertClusters.put({ rows: result.clusters.map((cluster) => toCluster(key, cluster)) }, { signal })
  return {
    countAlerts: result.alerts.length,
    countClusters: result.clusters.length,
    countFeatures: derivedFeatures + stored.rows,
    countTransfers: transfers.from.length,
  }
}

function* graphFeatureRows(
  key: SnapshotKey,
  { addresses }: TransferColumns,
  { addressFeatures }: DetectionResult,
): Generator<Feature> {
  for (const [featureName, values] of Object.entries(addressFeatures)) {
    for (const [id, address] of addresses.entries()) {
      const featureValue = values[id]
      if (featureValue === undefined || Number.isNaN(featureValue)) continue
      yield { ...key, address, featureName, featureValue, featureMetadata: '' }
    }
  }
}

function toAlert(key: SnapshotKey, found: DetectedAlert): Alert {
  const { evidence, firstMs: _first, lastMs: _last, volumeMicroUsd, riskIndicators, ...rest } = found
  return {
    ...key,
    ...rest,
    volumeUsd: decimalOfMicroUsd(volumeMicroUsd),
    evidenceJson: JSON.stringify(evidence),
    riskIndicators: [...riskIndicators],
  }
}

function toCluster(key: SnapshotKey, found: DetectedCluster): AlertCluster {
  const { totalVolumeMicroUsd, ...rest } = found
  return { ...key, ...rest, totalVolumeUsd: decimalOfMicroUsd(totalVolumeMicroUsd) }
}
