import type {
  CallOptions,
  ChainNeuron,
  CycleScope,
  ExecutionLogRepository,
  MinerAtUid,
  MinerWeightTrace,
  ProgressListener,
} from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import { periodOf } from '../performance/period-of.ts'
import type { RecordRepositories } from '../ports/record-store.ts'
import { periodsEnded, recordPastPeriod } from './record-past-period.ts'
import { recordPerformance } from './record-performance.ts'

/** What a computation in one go reads and writes. */
export interface ComputeStatisticsDeps {
  readonly record: RecordRepositories
  readonly executionLogs: Pick<ExecutionLogRepository, 'stream'>
}

/** Which statistics. */
export type ComputeStatisticsParams = CycleScope &
  Readonly<{
    /** Who stands at which uid now. */
    miners: readonly MinerAtUid[]
    /** Days of [from, to) have their periods computed again; those that `now` lies in always. */
    from: Date
    to: Date
    now: Date
    showsPathways: boolean
    showsChain: boolean
    progress: ProgressListener
  }>

/** What was computed. */
export interface ComputedStatistics {
  /** Days, weeks and months that are over; those that run now are computed besides. */
  readonly pastPeriods: number
  readonly rows: number
  readonly attempts: number
}

/**
 * Computes statistics again from what is stored: those that run now, with the newest cycle and epoch on record, then
 * periods that are over, oldest first. Each period is stored before the next, and the same again replaces: what was broken
 * off is done again, or goes on with a later `from`.
 */
export async function computeStatistics(
  { record, executionLogs }: ComputeStatisticsDeps,
  params: ComputeStatisticsParams,
  options?: CallOptions,
): Promise<ComputedStatistics> {
  const { netuid, validatorHotkey, miners, from, to, now, showsPathways, showsChain, progress } = params
  const scope = { netuid, validatorHotkey }
  const current = await recordPerformance(
    { record, executionLogs },
    {
      ...scope,
      ...(await readNewest(record, scope, options)),
      miners,
      now,
      showsPathways,
      showsChain,
      onCounted: (days) => progress({ stage: 'count attempts', ...days, unit: 'days' }),
    },
    options,
  )
  const today = periodOf('daily', now).start
  const past = periodsEnded(from, new Date(Math.min(to.getTime(), today.getTime())))
  const total = past.length
  let { rows } = current
  for (const [at, period] of past.entries()) {
    rows += (await recordPastPeriod(record, { ...scope, period, now }, options)).rows
    progress({ stage: 'compute periods', done: at + 1, total, unit: 'periods' })
  }
  return { pastPeriods: total, rows, attempts: current.attempts }
}

/** The newest cycle whose weights were sent, with its traces, and the newest epoch. */
async function readNewest(
  { weightCycles, minerWeightTraces, chainSnapshots }: RecordRepositories,
  scope: CycleScope,
  options: CallOptions | undefined,
): Promise<
  Readonly<{
    traces: readonly MinerWeightTrace[]
    neurons: readonly ChainNeuron[]
    weightSubmissionBlock: number | null
  }>
> {
  const states = ['submitted', 'included', 'revealed', 'effective'] as const
  const cycle = await weightCycles.findLatest({ ...scope, states }, options)
  const traces: MinerWeightTrace[] = []
  if (cycle !== null) {
    const { cycleId } = cycle
    const all = allItems<MinerWeightTrace>((page) =>
      minerWeightTraces.list({ ...scope, cycleId, ...page }, options),
    )
    for await (const trace of all) traces.push(trace)
  }
  const { netuid } = scope
  const epochBlock = await chainSnapshots.findLatestEpoch({ netuid }, options)
  const neurons = epochBlock === null ? [] : await chainSnapshots.list({ netuid, epochBlock }, options)
  return { traces, neurons, weightSubmissionBlock: cycle?.inclusionBlock ?? null }
}
