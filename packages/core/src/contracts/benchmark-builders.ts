import type { Baseline } from '../models/baseline.ts'
import type { BenchmarkEpoch } from '../models/benchmark-epoch.ts'
import type { BenchmarkRun } from '../models/benchmark-run.ts'
import type { BenchmarkScore } from '../models/benchmark-score.ts'
import { minerDatabaseNameSchema, type MinerDatabase } from '../models/miner-database.ts'
import type { JudgedPattern, JudgedScore, PlantedOutcome } from '../models/miner-output.ts'
import type { Submission } from '../models/submission.ts'
import type { TournamentParticipant } from '../models/tournament-participant.ts'
import type { TournamentResult } from '../models/tournament-result.ts'
import type { Tournament } from '../models/tournament.ts'
import { newUuid } from './agent-builders.ts'
import { utcDate } from './miner-row-builders.ts'
import { newHotkey } from './weight-record-builders.ts'

const at = new Date('2026-02-03T04:05:06.345Z')
const repository = 'https://example.org/miners/finder.git'
const commit = '0123456789'.repeat(4)
const sha256 = 'ab'.repeat(32)
const minerDatabaseName = minerDatabaseNameSchema.parse('benchmark_analytics_5Miner')

/** An accepted submission of a hotkey of its own. */
export function buildSubmission(fields: Partial<Submission> = {}): Submission {
  return {
    hotkey: newHotkey(),
    imageType: 'analytics',
    repository,
    commit,
    status: 'active',
    validationError: null,
    registeredAt: at,
    lastUpdatedAt: at,
    ...fields,
  }
}

/** The database of a hotkey of its own, named as its hotkey is. */
export function buildMinerDatabase(fields: Partial<MinerDatabase> = {}): MinerDatabase {
  const { hotkey = newHotkey(), imageType = 'analytics' } = fields
  return {
    hotkey,
    imageType,
    databaseName: minerDatabaseNameSchema.parse(`benchmark_${imageType}_${hotkey}`),
    status: 'active',
    createdAt: at,
    lastUsedAt: at,
    ...fields,
  }
}

/** A pending epoch of a new id and hotkey, outside of tournaments. */
export function buildBenchmarkEpoch(fields: Partial<BenchmarkEpoch> = {}): BenchmarkEpoch {
  return {
    epochId: newUuid(),
    tournamentId: null,
    hotkey: newHotkey(),
    imageType: 'analytics',
    participantType: 'miner',
    startDate: utcDate('2026-02-03'),
    endDate: utcDate('2026-02-09'),
    status: 'pending',
    repository,
    commit,
    treeSha256: null,
    image: null,
    minerDatabaseName,
    errorMessage: null,
    createdAt: at,
    completedAt: null,
    ...fields,
  }
}

/** A run of a new epoch that completed and was validated. */
export function buildBenchmarkRun(fields: Partial<BenchmarkRun> = {}): BenchmarkRun {
  return {
    epochId: newUuid(),
    hotkey: newHotkey(),
    imageType: 'analytics',
    testDate: utcDate('2026-02-03'),
    network: 'torus',
    windowDays: 30,
    runId: newUuid(),
    tournamentId: null,
    participantType: 'miner',
    runOrder: 0,
    processingDate: utcDate('2026-02-03'),
    status: 'completed',
    attempts: 1,
    datasetSha256: sha256,
    sandbox: 'podman',
    executionMs: 1_234,
    exitCode: 0,
    memoryPeakBytes: 64 * 1024 * 1024,
    outputBytes: 4_096,
    outcome: { kind: 'patterns', reported: 12, expected: 10, found: 7, badData: 1, fabricated: 2 },
    features: { rows: 3_000, columns: 17, rowsWithoutAddress: 1 },
    errorMessage: null,
    isDisqualified: false,
    disqualificationReason: null,
    createdAt: at,
    startedAt: at,
    completedAt: new Date(at.getTime() + 1_234),
    ...fields,
  }
}

/** A run of a submission that scores accounts. */
export function buildScoringRun(fields: Partial<BenchmarkRun> = {}): BenchmarkRun {
  return buildBenchmarkRun({
    imageType: 'ml',
    outcome: {
      kind: 'scores',
      reported: 990,
      expected: 1_000,
      scored: 980,
      badData: 3,
      fabricated: 7,
      coverage: 0.98,
      areaUnderCurve: 1 / 3,
      precisionAtRecall80: 0.1 + 0.2,
      calibrationError: 5e-324,
    },
    features: null,
    ...fields,
  })
}

const earned = {
  ruleSet: 'patterns-2',
  finalScore: 0.123_456_789,
  components: [
    { name: 'accuracy', weight: 50, score: 0.25 },
    { name: 'correctness', weight: 30, score: 1 },
    { name: 'performance', weight: 20, score: 0.1 + 0.2 },
  ],
  baselineComparisonRatio: 1.5,
  averageExecutionTimeSeconds: 12.345,
  isDataCorrectOnAllDays: true,
  isWithinTimeLimit: true,
  daysCompleted: 7,
  runsCompleted: 28,
  disqualification: null,
  calculatedAt: at,
} satisfies Partial<BenchmarkScore>

/** The score of a new epoch of a hotkey of its own, not ranked yet. */
export function buildBenchmarkScore(fields: Partial<BenchmarkScore> = {}): BenchmarkScore {
  return {
    imageType: 'analytics',
    hotkey: newHotkey(),
    epochId: newUuid(),
    tournamentId: null,
    participantType: 'miner',
    ...earned,
    rank: null,
    ...fields,
  }
}

let versions = 0

/** An active baseline of a version that no earlier call gave. */
export function buildBaseline(fields: Partial<Baseline> = {}): Baseline {
  versions += 1
  return {
    baselineId: newUuid(),
    imageType: 'analytics',
    version: `v1.${versions}.0`,
    repository,
    commit,
    originatedFromTournamentId: null,
    originatedFromHotkey: null,
    status: 'active',
    errorMessage: null,
    createdAt: at,
    activatedAt: at,
    deprecatedAt: null,
    ...fields,
  }
}

/** A tournament of a new id that is open for registration. */
export function buildTournament(fields: Partial<Tournament> = {}): Tournament {
  return {
    tournamentId: newUuid(),
    name: 'Week 6',
    imageType: 'analytics',
    registrationStart: utcDate('2026-02-01'),
    registrationEnd: utcDate('2026-02-02'),
    competitionStart: utcDate('2026-02-03'),
    competitionEnd: utcDate('2026-02-09'),
    maxParticipants: 16,
    epochDays: 7,
    testNetworks: ['torus', 'bittensor'],
    testWindowDays: [90, 30],
    datasetTransfers: 20_000,
    datasetSeed: 'a seed that nobody guesses',
    seedSha256: sha256,
    ruleSet: 'patterns-2',
    timeLimitMs: 60_000,
    baselineId: null,
    status: 'registration',
    currentDay: 0,
    winnerHotkey: null,
    isBaselineBeaten: false,
    cancelReason: null,
    createdAt: at,
    completedAt: null,
    ...fields,
  }
}

/** A miner who registered for a new tournament. */
export function buildTournamentParticipant(
  fields: Partial<TournamentParticipant> = {},
): TournamentParticipant {
  return {
    tournamentId: newUuid(),
    hotkey: newHotkey(),
    participantType: 'miner',
    registrationOrder: 1,
    repository,
    commit,
    minerDatabaseName,
    baselineId: null,
    status: 'registered',
    reason: null,
    disqualifiedOnDay: null,
    registeredAt: at,
    updatedAt: at,
    ...fields,
  }
}

/** A miner's result of a new tournament. */
export function buildTournamentResult(fields: Partial<TournamentResult> = {}): TournamentResult {
  return {
    tournamentId: newUuid(),
    hotkey: newHotkey(),
    participantType: 'miner',
    ...earned,
    rank: 1,
    isWinner: true,
    isBaselineBeaten: true,
    participantsBeaten: 3,
    ...fields,
  }
}

/** Row `rowNumber` of a run's report of patterns, accepted. */
export function buildJudgedPattern(fields: Partial<JudgedPattern> = {}): JudgedPattern {
  return {
    runId: newUuid(),
    rowNumber: 1,
    patternType: 'layering',
    addresses: ['5Address000001', '5Address000002'],
    verdict: 'found',
    explanation: 'It is the layering that was planted.',
    isAccepted: true,
    plantedPattern: 'layering-0001',
    ...fields,
  }
}

/** A planted pattern that a run found. */
export function buildPlantedOutcome(fields: Partial<PlantedOutcome> = {}): PlantedOutcome {
  return {
    runId: newUuid(),
    plantedPattern: 'layering-0001',
    patternType: 'layering',
    addresses: ['5Address000001', '5Address000002'],
    isFound: true,
    foundByRow: 1,
    ...fields,
  }
}

/** Row `rowNumber` of a run's report of risk scores, accepted. */
export function buildJudgedScore(fields: Partial<JudgedScore> = {}): JudgedScore {
  return {
    runId: newUuid(),
    rowNumber: 1,
    address: '5Address000001',
    riskScore: 0.75,
    verdict: 'scored',
    ...fields,
  }
}
