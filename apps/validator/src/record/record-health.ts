import type { CallOptions, CycleScope, WeightCycleSummary } from '@subnetkit/core'

import type { RecordStore, RecordTableSize } from '../ports/record-store.ts'
import { compareCycles, type CompareCyclesDeps, type ComparedCycle } from './compare-cycles.ts'
import type { AlarmName } from './record-alarms.ts'
import type { GapCounts } from './record-metrics.ts'
import type { RecordSettings } from './record-settings.ts'

const DAY_MS = 86_400_000
/** Epochs that are looked through for those that paid by our weights. */
const MOST_EPOCHS = 10_000

/** What is looked at. */
export interface RecordHealthParams extends CycleScope {
  readonly settings: RecordSettings
  readonly now: Date
  /** The newest cycles, at most so many. */
  readonly cycles: number
}

/** How the record stands, read from the stores themselves. */
export interface RecordHealth {
  /** Cycles that were looked at. */
  readonly cycles: number
  readonly gaps: GapCounts
  /** Cycles whose newest state is not in the record yet. */
  readonly behind: number
  /** Cycles that lack something, newest first. */
  readonly lacking: readonly ComparedCycle[]
  /** Blocks of epochs that ran on our weights and are not kept. */
  readonly missingEpochs: readonly number[]
  readonly tables: readonly RecordTableSize[]
  readonly tableBytes: number
  /** Blocks from inclusion to effect: of the newest cycle in effect, and the most; null without one. */
  readonly delay: Readonly<{ latest: number; most: number }> | null
  /** Thresholds that are crossed. */
  readonly crossed: readonly Readonly<{ name: AlarmName; value: number; limit: number }>[]
}

/** The oldest moment whose traces are still kept. */
export function keptFrom(now: Date, { retentionDays }: Pick<RecordSettings, 'retentionDays'>): Date {
  return new Date(now.getTime() - retentionDays * DAY_MS)
}

/** Holds the record against what the validator acted by, and against its thresholds. */
export async function readRecordHealth(
  deps: Pick<CompareCyclesDeps, 'operational'> & { readonly record: RecordStore },
  params: RecordHealthParams,
  options?: CallOptions,
): Promise<RecordHealth> {
  const { settings, netuid, validatorHotkey, now } = params
  const { repositories } = deps.record
  const { cycles: compared } = await compareCycles(
    { operational: deps.operational, record: repositories },
    {
      netuid,
      validatorHotkey,
      now,
      from: keptFrom(now, settings),
      limit: params.cycles,
      cursor: null,
      withTraces: settings.enableDetailedPathways,
    },
    options,
  )
  const cycles = compared.map(({ cycle }) => cycle)
  const missingEpochs = settings.enableChainIntegration
    ? await findMissingEpochs(repositories, { netuid, validatorHotkey }, cycles, options)
    : []
  const untraced = compared.filter(({ isUntraced }) => isUntraced)
  const gaps: GapCounts = {
    cycles: untraced.length,
    miners: compared.reduce((sum, one) => sum + (one.isUntraced ? 0 : one.missingTraces), 0),
    epochs: missingEpochs.length,
  }
  const tables = await deps.record.tableSizes(options)
  const tableBytes = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  const delay = delayOf(cycles)
  const values: readonly (readonly [AlarmName, number])[] = [
    ['gaps', gaps.cycles + gaps.miners + gaps.epochs],
    ['tableBytes', tableBytes],
    ['consensusDelayBlocks', delay?.latest ?? 0],
  ]
  return {
    cycles: cycles.length,
    gaps,
    behind: compared.filter(({ isBehind }) => isBehind).length,
    lacking: compared.filter(({ isBehind, missingTraces }) => isBehind || missingTraces > 0),
    missingEpochs,
    tables,
    tableBytes,
    delay,
    crossed: values
      .map(([name, value]) => ({ name, value, limit: settings.warnAbove[name] }))
      .filter(({ value, limit }) => value > limit),
  }
}

/** Blocks from inclusion to the first epoch that ran on the weights; null for a cycle that is not in effect. */
export function consensusDelay(
  cycle: Pick<WeightCycleSummary, 'inclusionBlock' | 'effectiveBlock'>,
): number | null {
  const { inclusionBlock, effectiveBlock } = cycle
  return inclusionBlock === null || effectiveBlock === null ? null : effectiveBlock - inclusionBlock
}

function delayOf(cycles: readonly WeightCycleSummary[]): RecordHealth['delay'] {
  const delays = cycles.map(consensusDelay).filter((blocks) => blocks !== null)
  const [latest] = delays
  return latest === undefined ? null : { latest, most: Math.max(...delays) }
}

async function findMissingEpochs(
  { chainSnapshots }: Pick<RecordStore['repositories'], 'chainSnapshots'>,
  { netuid, validatorHotkey }: CycleScope,
  cycles: readonly WeightCycleSummary[],
  options: CallOptions | undefined,
): Promise<readonly number[]> {
  const paid = new Set(cycles.flatMap(({ effectiveBlock }) => effectiveBlock ?? []))
  if (paid.size === 0) return []
  // The validator is a neuron itself, so that its history names every epoch that is kept.
  const points = { netuid, hotkey: validatorHotkey, limit: MOST_EPOCHS }
  for (const { epochBlock } of await chainSnapshots.listPoints(points, options)) paid.delete(epochBlock)
  return [...paid].toSorted((a, b) => a - b)
}
