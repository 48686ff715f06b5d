import { afterAll, beforeAll, expect, it } from 'vitest'

import { checkTables, type ClickHouseConnection, type RowCodec } from '../src/index.ts'
import { addressLabelRow } from '../src/repositories/address-label-rows.ts'
import { agentRow } from '../src/repositories/agent-rows.ts'
import { agentVersionRankRow } from '../src/repositories/agent-version-rank-rows.ts'
import { agentVersionRow } from '../src/repositories/agent-version-rows.ts'
import { alertClusterRow } from '../src/repositories/alert-cluster-rows.ts'
import { alertRankingRow } from '../src/repositories/alert-ranking-rows.ts'
import { alertRow } from '../src/repositories/alert-rows.ts'
import { alertScoreRow } from '../src/repositories/alert-score-rows.ts'
import { attemptDayRow } from '../src/repositories/attempt-day-rows.ts'
import { baselineRow } from '../src/repositories/baseline-rows.ts'
import { batchRow } from '../src/repositories/batch-rows.ts'
import { benchmarkEpochRow } from '../src/repositories/benchmark-epoch-rows.ts'
import { analyticsRunTable, mlRunTable } from '../src/repositories/benchmark-run-rows.ts'
import { benchmarkScoreRow } from '../src/repositories/benchmark-score-rows.ts'
import {
  chainNeuronRow,
  chainSnapshotEpochRow,
  chainSnapshotPointRow,
} from '../src/repositories/chain-snapshot-rows.ts'
import { clusterScoreRow } from '../src/repositories/cluster-score-rows.ts'
import { evaluationQueueRow } from '../src/repositories/evaluation-queue-rows.ts'
import { evaluationRow } from '../src/repositories/evaluation-rows.ts'
import { evaluationRunRow } from '../src/repositories/evaluation-run-rows.ts'
import { featureRow } from '../src/repositories/feature-rows.ts'
import { minerDatabaseRow } from '../src/repositories/miner-database-rows.ts'
import { judgedPatternRow, judgedScoreRow, plantedOutcomeRow } from '../src/repositories/miner-output-rows.ts'
import { overallPerformanceRow, taskPerformanceRow } from '../src/repositories/miner-performance-rows.ts'
import { minerWeightTracePointRow, minerWeightTraceRow } from '../src/repositories/miner-weight-trace-rows.ts'
import { moneyFlowRow } from '../src/repositories/money-flow-rows.ts'
import { snapshotRow } from '../src/repositories/snapshot-rows.ts'
import { submissionRow } from '../src/repositories/submission-rows.ts'
import { taskScoreRow } from '../src/repositories/task-score-rows.ts'
import { tournamentParticipantRow } from '../src/repositories/tournament-participant-rows.ts'
import { tournamentResultRow } from '../src/repositories/tournament-result-rows.ts'
import { tournamentRow } from '../src/repositories/tournament-rows.ts'
import { transferRow } from '../src/repositories/transfer-rows.ts'
import { weightCycleRow } from '../src/repositories/weight-cycle-rows.ts'
import { weightsSnapshotRow } from '../src/repositories/weights-snapshot-rows.ts'
import { openBenchmarkStore } from './benchmark-store.ts'
import { readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'
import { openMinerStore } from './miner-store.ts'
import { openValidatorStore } from './validator-store.ts'

type Expected = Pick<RowCodec<never>, 'table' | 'engine' | 'expectedColumns'>

const minerCodecs: readonly Expected[] = [
  addressLabelRow,
  alertClusterRow,
  alertRankingRow,
  alertRow,
  alertScoreRow,
  batchRow,
  clusterScoreRow,
  featureRow,
  moneyFlowRow,
  snapshotRow,
  transferRow,
]

const validatorCodecs: readonly Expected[] = [
  agentRow,
  agentVersionRankRow,
  agentVersionRow,
  attemptDayRow,
  chainNeuronRow,
  chainSnapshotEpochRow,
  chainSnapshotPointRow,
  evaluationQueueRow,
  evaluationRow,
  evaluationRunRow,
  minerWeightTracePointRow,
  minerWeightTraceRow,
  overallPerformanceRow,
  taskPerformanceRow,
  taskScoreRow,
  weightCycleRow,
  weightsSnapshotRow,
]

const benchmarkCodecs: readonly Expected[] = [
  analyticsRunTable.codec,
  baselineRow,
  benchmarkEpochRow,
  benchmarkScoreRow,
  minerDatabaseRow,
  mlRunTable.codec,
  submissionRow,
  tournamentParticipantRow,
  tournamentResultRow,
  tournamentRow,
]

const benchmarkMinerCodecs: readonly Expected[] = [judgedPatternRow, judgedScoreRow, plantedOutcomeRow]

interface Store {
  readonly connection: ClickHouseConnection
  close(): Promise<void>
}

/** `float` is a table, a column of 64-bit floats in it, and its type where that is not Float64. */
function driftSuite(
  codecs: readonly Expected[],
  float: readonly [string, string, string?],
  open: () => Promise<Store>,
): void {
  let store: Store
  beforeAll(async () => {
    store = await open()
  })
  afterAll(async () => {
    await store.close()
  })

  it('finds none after the migrations', async () => {
    await expect(checkTables(store.connection, codecs)).resolves.toBeUndefined()
  })

  it.each(codecs.map((codec) => [codec.table, codec] as const))(
    '%s has the columns of its codec in their order, then at most when a row was stored',
    async (table, { expectedColumns }) => {
      const text = await readText(
        store.connection,
        `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${table}' AND default_kind != 'MATERIALIZED' ORDER BY position FORMAT TabSeparatedRaw`,
      )
      const columns = text
        .trim()
        .split('\n')
        .map((line) => line.split('\t'))
      const expected = expectedColumns.map(({ name, type }) => [name, type])
      expect(columns.slice(0, expected.length)).toEqual(expected)
      expect([[], [['created_at', 'DateTime']]]).toContainEqual(columns.slice(expected.length))
    },
  )

  it('covers every table', async () => {
    const text = await readText(
      store.connection,
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'schema_migrations' ORDER BY name FORMAT TabSeparatedRaw`,
    )
    expect(text.trim().split('\n')).toEqual(codecs.map(({ table }) => table).toSorted())
  })

  it('says which column of which table drifted', async () => {
    const [table, name, type = 'Float64'] = float
    const narrow = type.replace('64', '32')
    await store.connection.command({ sql: `ALTER TABLE ${table} MODIFY COLUMN ${name} ${narrow}` })
    await expect(checkTables(store.connection, codecs)).rejects.toThrow(
      `column ${table}.${name} is ${narrow}, not ${type}`,
    )
  })
}

describeOnEachEngine('drift between codecs and migrations of a miner', (engine) => {
  driftSuite(minerCodecs, ['miner_cluster_scores', 'score'], async () => openMinerStore(engine))
})

describeOnEachEngine('drift between codecs and migrations of a validator', (engine) => {
  driftSuite(validatorCodecs, ['weight_cycles', 'burn'], async () => openValidatorStore(engine))
})

describeOnEachEngine('drift between codecs and migrations of the benchmark', (engine) => {
  driftSuite(benchmarkCodecs, ['benchmark_scores', 'final_score'], async () => openBenchmarkStore(engine))
})

describeOnEachEngine("drift between codecs and migrations of a benchmark miner's output", (engine) => {
  const float = ['miner_risk_scores', 'risk_score', 'Nullable(Float64)'] as const
  driftSuite(benchmarkMinerCodecs, float, async () => {
    const { close, connection, newMinerDatabase, repositories } = await openBenchmarkStore(engine)
    const minerDatabase = newMinerDatabase()
    await repositories.minerOutputs.prepare({ minerDatabase, imageType: 'ml', now: new Date(0) })
    return { connection: connection.withDatabase(minerDatabase), close }
  })
})
