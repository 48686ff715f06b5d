import type { ExecutionLog } from '../models/execution-log.ts'

/** Counts of attempts by what became of them. */
export interface ExecutionCounts {
  readonly total: number
  /** Scored, whatever the score. */
  readonly scored: number
  /** The miner failed. */
  readonly minerFaults: number
  /** We could not ask it. */
  readonly infrastructureFaults: number
}

/** How attempts went. */
export interface ExecutionStatistics extends ExecutionCounts {
  /** Over all attempts, rounded down to whole milliseconds; null without any. */
  readonly meanDurationMs: number | null
  /** In the order of names. */
  readonly byEnvironment: ReadonlyMap<string, ExecutionCounts>
}

/** Sums up attempts; their order does not matter. The window is the caller's, by what it lists. */
export function summarizeExecutions(logs: readonly ExecutionLog[]): ExecutionStatistics {
  const environments = [...new Set(logs.map((log) => log.environment))].sort()
  const durationMs = logs.reduce((sum, log) => sum + log.durationMs, 0)
  return {
    ...countOutcomes(logs),
    meanDurationMs: logs.length === 0 ? null : Math.floor(durationMs / logs.length),
    byEnvironment: new Map(
      environments.map((name) => [name, countOutcomes(logs.filter((log) => log.environment === name))]),
    ),
  }
}

/**
 * The miner's faults in a row, counted from the newest attempt back to its last scored one. Attempts that failed on
 * our side neither count nor end the row.
 *
 * @param newestFirst as the repository lists them.
 */
export function consecutiveMinerFaults(newestFirst: readonly Pick<ExecutionLog, 'outcome'>[]): number {
  const ownAttempts = newestFirst.filter((log) => log.outcome !== 'infrastructure_fault')
  const lastScored = ownAttempts.findIndex((log) => log.outcome === 'scored')
  return lastScored === -1 ? ownAttempts.length : lastScored
}

function countOutcomes(logs: readonly ExecutionLog[]): ExecutionCounts {
  const count = (outcome: ExecutionLog['outcome']): number =>
    logs.filter((log) => log.outcome === outcome).length
  return {
    total: logs.length,
    scored: count('scored'),
    minerFaults: count('miner_fault'),
    infrastructureFaults: count('infrastructure_fault'),
  }
}
