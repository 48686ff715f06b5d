import type { MinerPerformance, TaskPerformance } from '../models/miner-performance.ts'

const noFigures = {
  scoreMin: null,
  scoreMax: null,
  scoreDeviation: null,
  scoreMedian: null,
  scoreP25: null,
  scoreP75: null,
  performanceTrend: 'insufficient_data',
  trendSlope: null,
  trendConfidence: 0,
} as const

/** A plausible task of a miner's period; tests name the fields that they are about. */
export function buildTaskPerformance(fields: Partial<TaskPerformance> = {}): TaskPerformance {
  return {
    taskName: 'weather',
    tasksAttempted: 24,
    tasksCompleted: 23,
    tasksScored: 22,
    successRate: 23 / 24,
    avgScore: 0.82,
    rank: 1,
    bestScore: 0.9,
    latestScore: 0.85,
    ...noFigures,
    scoreMin: 0.7,
    scoreMax: 0.9,
    scoreDeviation: 0.05,
    scoreMedian: 0.81,
    scoreP25: 0.78,
    scoreP75: 0.86,
    performanceTrend: 'improving',
    trendSlope: 0.02,
    trendConfidence: 0.75,
    metrics: {},
    weightScore: 0.82,
    percentileRank: 100,
    weightContribution: 0.68596578,
    effectiveContribution: 0.788860647,
    isQualified: true,
    ...fields,
  }
}

/**
 * A plausible day of a miner; tests name the fields that they are about. It lies in a far future, which no engine's
 * retention has reached.
 */
export function buildMinerPerformance(fields: Partial<MinerPerformance> = {}): MinerPerformance {
  return {
    netuid: 57,
    validatorHotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    periodType: 'daily',
    periodStart: new Date('2090-07-23T00:00:00.000Z'),
    periodEnd: new Date('2090-07-24T00:00:00.000Z'),
    minerUid: 7,
    minerHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    totalTasksAttempted: 24,
    totalTasksCompleted: 23,
    totalTasksScored: 22,
    overallSuccessRate: 23 / 24,
    overallAvgScore: 0.82,
    overallRank: 1,
    ...noFigures,
    lastActiveTime: new Date('2090-07-23T23:59:59.999Z'),
    consecutiveFailures: 1,
    uptimePercentage: 95.5,
    cycleId: '0123456789abcdef0123456789abcdef',
    submittedWeight: 0.97726479,
    submittedValue: 65_535,
    rawCalculatedWeight: 1.07036078,
    excellenceWeight: 0.574,
    diversityWeight: 1.07036078,
    scoringPathway: 'diversity',
    multiTaskBonus: 1.15,
    incentiveValue: 44_406,
    incentive: 44_406 / 65_535,
    consensusRank: 1,
    weightSubmissionBlock: 5_000_000,
    consensusBlock: 5_000_360,
    tasks: [buildTaskPerformance()],
    calculatedAt: new Date('2090-07-23T12:00:00.345Z'),
    buriedAt: null,
    ...fields,
  }
}
