import type { MinerPerformance, TaskPerformance } from '../models/miner-performance.ts'

/** How the columns of one task are named in a wide row. */
export interface WideTask {
  /** The task, as statistics name it. */
  readonly taskName: string
  /** Before the columns of statistics: `soil_moisture` gives `soil_moisture_avg_score`. */
  readonly prefix: string
  /** In the columns of weights: `soil` gives `soil_weight_contribution` and `percentile_rank_soil`. */
  readonly weightName: string
  /** Columns of what the task measures besides its score: column without prefix → metric. */
  readonly metrics: Readonly<Record<string, string>>
}

/** The three tasks that had columns of their own, in the order of those columns. */
export const planEraWideTasks: readonly WideTask[] = [
  { taskName: 'weather', prefix: 'weather', weightName: 'weather', metrics: {} },
  {
    taskName: 'soil',
    prefix: 'soil_moisture',
    weightName: 'soil',
    metrics: { surface_rmse_avg: 'surface_rmse', rootzone_rmse_avg: 'rootzone_rmse' },
  },
  {
    taskName: 'geomagnetic',
    prefix: 'geomagnetic',
    weightName: 'geomagnetic',
    metrics: { avg_error: 'error' },
  },
]

/** A value of a wide row: JSON columns hold the value, not its text. */
export type WideValue = string | number | boolean | Date | null | readonly WideValue[] | WideRecord
/** Columns, or the members of a JSON column. */
export interface WideRecord {
  readonly [column: string]: WideValue
}

/**
 * A miner's period with a fixed set of columns per task, as the former `miner_performance_stats` had it: one row that
 * spreadsheets and old queries understand. Tasks that the preset does not name are in the JSON columns only.
 */
export function wideRow(stats: MinerPerformance, preset: readonly WideTask[] = planEraWideTasks): WideRecord {
  const taskOf = (name: string): TaskPerformance | undefined =>
    stats.tasks.find(({ taskName }) => taskName === name)
  const named = preset.map((wide) => ({ wide, task: taskOf(wide.taskName) }))
  return {
    netuid: stats.netuid,
    miner_uid: stats.minerUid,
    miner_hotkey: stats.minerHotkey,
    period_start: stats.periodStart,
    period_end: stats.periodEnd,
    period_type: stats.periodType,
    total_tasks_attempted: stats.totalTasksAttempted,
    total_tasks_completed: stats.totalTasksCompleted,
    total_tasks_scored: stats.totalTasksScored,
    overall_success_rate: stats.overallSuccessRate,
    overall_avg_score: stats.overallAvgScore,
    overall_rank: stats.overallRank,
    ...joined(named.map(({ wide, task }) => taskColumns(wide, task))),
    performance_trend: stats.performanceTrend,
    trend_confidence: stats.trendConfidence,
    last_active_time: stats.lastActiveTime,
    consecutive_failures: stats.consecutiveFailures,
    uptime_percentage: stats.uptimePercentage,
    detailed_metrics: byTask(stats.tasks, ({ metrics }) => metrics),
    score_distribution: { ...distribution(stats), by_task: byTask(stats.tasks, distribution) },
    calculated_at: stats.calculatedAt,
    submitted_weight: stats.submittedWeight,
    raw_calculated_weight: stats.rawCalculatedWeight,
    excellence_weight: stats.excellenceWeight,
    diversity_weight: stats.diversityWeight,
    scoring_pathway: stats.scoringPathway,
    pathway_details: stats.scoringPathway === null ? null : pathwayDetails(stats, preset),
    incentive: stats.incentive,
    consensus_rank: stats.consensusRank,
    weight_submission_block: stats.weightSubmissionBlock,
    consensus_block: stats.consensusBlock,
    ...joined(
      named.map(({ wide, task }) => ({
        [`${wide.weightName}_weight_contribution`]: task?.weightContribution ?? null,
      })),
    ),
    multi_task_bonus: stats.multiTaskBonus,
    ...joined(
      named.map(({ wide, task }) => ({
        [`percentile_rank_${wide.weightName}`]: task?.percentileRank ?? null,
      })),
    ),
    excellence_qualified_tasks: qualified(stats),
    validator_hotkey: stats.validatorHotkey,
    buried_at: stats.buriedAt,
  }
}

function taskColumns({ prefix, metrics }: WideTask, task: TaskPerformance | undefined): WideRecord {
  return {
    [`${prefix}_tasks_attempted`]: task?.tasksAttempted ?? 0,
    [`${prefix}_tasks_completed`]: task?.tasksCompleted ?? 0,
    [`${prefix}_tasks_scored`]: task?.tasksScored ?? 0,
    [`${prefix}_avg_score`]: task?.avgScore ?? null,
    [`${prefix}_success_rate`]: task?.successRate ?? null,
    [`${prefix}_rank`]: task?.rank ?? null,
    ...Object.fromEntries(
      Object.entries(metrics).map(([column, metric]) => [
        `${prefix}_${column}`,
        task?.metrics[metric] ?? null,
      ]),
    ),
    [`${prefix}_best_score`]: task?.bestScore ?? null,
    [`${prefix}_latest_score`]: task?.latestScore ?? null,
  }
}

type ScoreFigures = Pick<
  TaskPerformance,
  'scoreMin' | 'scoreMax' | 'scoreDeviation' | 'scoreMedian' | 'scoreP25' | 'scoreP75'
>

function distribution(figures: ScoreFigures): WideRecord {
  return {
    min: figures.scoreMin,
    max: figures.scoreMax,
    std: figures.scoreDeviation,
    median: figures.scoreMedian,
    p25: figures.scoreP25,
    p75: figures.scoreP75,
  }
}

function pathwayDetails(stats: MinerPerformance, preset: readonly WideTask[]): WideRecord {
  const scored = stats.tasks.filter(({ weightScore }) => weightScore !== null)
  const scores = preset.map(({ taskName }) => ({
    [`${taskName}_score`]: scored.find((task) => task.taskName === taskName)?.weightScore ?? null,
  }))
  const ranked = scored.filter(({ percentileRank }) => percentileRank !== null)
  return {
    ...joined(scores),
    percentile_ranks: byTask(ranked, ({ percentileRank }) => percentileRank),
    excellence_qualified_tasks: qualified(stats),
    diversity_contributions: byTask(scored, ({ weightContribution }) => weightContribution),
    multi_task_bonus: stats.multiTaskBonus,
    num_active_tasks: scored.length,
  }
}

function qualified({ tasks }: MinerPerformance): readonly string[] {
  return tasks.filter(({ isQualified }) => isQualified).map(({ taskName }) => taskName)
}

function byTask(
  tasks: readonly TaskPerformance[],
  valueOf: (task: TaskPerformance) => WideValue,
): WideRecord {
  return Object.fromEntries(tasks.map((task) => [task.taskName, valueOf(task)]))
}

function joined(records: readonly WideRecord[]): WideRecord {
  return Object.assign({}, ...records)
}
