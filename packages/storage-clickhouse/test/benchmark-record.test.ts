import { isStorageError, type MinerDatabaseName } from '@subnetkit/core'
import {
  buildBaseline,
  buildBenchmarkEpoch,
  buildBenchmarkRun,
  buildBenchmarkScore,
  buildJudgedPattern,
  buildJudgedScore,
  buildMinerDatabase,
  buildPlantedOutcome,
  buildScoringRun,
  buildSubmission,
  buildTournament,
  buildTournamentParticipant,
  buildTournamentResult,
  newUuid,
  utcDate,
} from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  createClickHouseBenchmarkRepositories,
  type ClickHouseBenchmarkRepositories,
  type ClickHouseConnection,
} from '../src/index.ts'
import { openBenchmarkStore, type BenchmarkStore } from './benchmark-store.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'

const clock = { now: () => Date.UTC(2025, 7, 3), writerId: 9 }

/** The same connection, with a note of every statement that it is asked for. */
function watched(connection: ClickHouseConnection, asked: string[]): ClickHouseConnection {
  return {
    ...connection,
    read: (statement) => {
      asked.push(statement.sql)
      return connection.read(statement)
    },
    withDatabase: (database) => watched(connection.withDatabase(database), asked),
  }
}

/** Every question of every repository but `clear`, which looks for rows of any version before it deletes. */
async function askEverything(
  all: ClickHouseBenchmarkRepositories,
  minerDatabase: MinerDatabaseName,
): Promise<number> {
  const page = { limit: 9 }
  const [submission, run, score] = [buildSubmission(), buildBenchmarkRun(), buildBenchmarkScore()]
  const { tournamentId, hotkey } = buildTournamentParticipant()
  const runId = newUuid()
  const questions: readonly Promise<unknown>[] = [
    all.submissions.find(submission),
    all.submissions.list(page),
    all.minerDatabases.find(submission),
    all.minerDatabases.list(page),
    all.benchmarkEpochs.find(run),
    all.benchmarkEpochs.findActive(submission),
    all.benchmarkEpochs.list(page),
    all.benchmarkRuns.find(run),
    all.benchmarkRuns.find(buildScoringRun()),
    all.benchmarkRuns.list({ imageType: 'analytics', ...page }),
    all.benchmarkRuns.list({ imageType: 'ml', ...page }),
    all.benchmarkScores.find(score),
    all.benchmarkScores.listOf({ ...score, ...page }),
    all.benchmarkScores.listLatest({ imageType: 'ml', isTournamentIncluded: true, ...page }),
    all.benchmarkScores.listLatest({ imageType: 'ml', isTournamentIncluded: false, ...page }),
    all.baselines.find(buildBaseline()),
    all.baselines.findActive({ imageType: 'ml' }),
    all.baselines.list(page),
    all.tournaments.find({ tournamentId }),
    all.tournaments.list(page),
    all.tournaments.count({}),
    all.tournamentParticipants.find({ tournamentId, hotkey }),
    all.tournamentParticipants.list({ tournamentId, ...page }),
    all.tournamentParticipants.nextRegistrationOrder({ tournamentId }),
    all.tournamentParticipants.countMiners({ tournamentIds: [tournamentId] }),
    all.tournamentResults.find({ tournamentId, hotkey }),
    all.tournamentResults.list({ tournamentId, ...page }),
    all.minerOutputs.listPatterns({ minerDatabase, runId, ...page }),
    all.minerOutputs.listPlanted({ minerDatabase, runId, ...page }),
    all.minerOutputs.listScores({ minerDatabase, runId, ...page }),
  ]
  await Promise.all(questions)
  return questions.length
}

describeOnEachEngine('the record of the benchmark', (engine) => {
  let store: BenchmarkStore
  let minerDatabase: MinerDatabaseName
  beforeAll(async () => {
    store = await openBenchmarkStore(engine)
    minerDatabase = store.newMinerDatabase()
    await store.repositories.minerOutputs.prepare({ minerDatabase, imageType: 'ml', now: new Date(0) })
  })
  afterAll(async () => {
    await store.close()
  })
  const ask = async (sql: string): Promise<string> =>
    (await readText(store.connection, `${sql} FORMAT TabSeparatedRaw`)).trim()

  it('replaces by natural keys, and partitions by nothing that is not part of one', async () => {
    const engines = await ask(
      `SELECT name, engine, sorting_key, partition_key FROM system.tables
WHERE database IN (currentDatabase(), '${minerDatabase}') AND name != 'schema_migrations' ORDER BY name`,
    )
    expect(engines.split('\n').map((line) => line.trimEnd().split('\t'))).toStrictEqual(
      [
        ['baseline_registry', 'image_type, version'],
        ['benchmark_analytics_daily_runs', 'epoch_id, hotkey, test_date, network, window_days'],
        ['benchmark_epochs', 'epoch_id'],
        ['benchmark_miner_databases', 'hotkey, image_type'],
        ['benchmark_miner_registry', 'hotkey, image_type'],
        ['benchmark_ml_daily_runs', 'epoch_id, hotkey, test_date, network, window_days'],
        ['benchmark_scores', 'image_type, hotkey, epoch_id'],
        ['miner_output_patterns', 'run_id, row_number'],
        ['miner_planted_patterns', 'run_id, planted_pattern'],
        ['miner_risk_scores', 'run_id, row_number'],
        ['tournament_participants', 'tournament_id, hotkey'],
        ['tournament_results', 'tournament_id, hotkey'],
        ['tournament_tournaments', 'tournament_id'],
      ].map(([name = '', key = '']) => [
        name,
        'ReplacingMergeTree',
        key,
        ...(name.endsWith('_daily_runs') ? ['toYYYYMM(test_date)'] : []),
      ]),
    )
  })

  it('asks every question with FINAL, each by one statement, and answers them from empty tables', async () => {
    const asked: string[] = []
    const all = createClickHouseBenchmarkRepositories(watched(store.connection, asked), clock)
    const questions = await askEverything(all, minerDatabase)
    expect(asked).toHaveLength(questions)
    for (const sql of asked) {
      const tables = sql.match(/FROM `\w+`\.`\w+`(?: FINAL)?/g) ?? []
      expect(tables.length).toBeGreaterThan(0)
      expect(tables.filter((table) => !table.endsWith(' FINAL'))).toStrictEqual([])
    }
  })

  it('keeps what differs in one part of its key when the engine merges', async () => {
    const { benchmarkRuns, tournamentParticipants } = store.repositories
    const run = buildBenchmarkRun()
    const runs = [
      run,
      { ...run, testDate: utcDate('2026-03-01') },
      { ...run, network: 'bittensor' },
      { ...run, windowDays: 90 },
      { ...run, hotkey: 'other' },
      { ...run, epochId: newUuid() },
    ]
    for (const one of [...runs, ...runs]) await benchmarkRuns.put({ run: one })
    const participant = buildTournamentParticipant()
    const rival = { ...participant, hotkey: 'rival' }
    for (const one of [participant, rival, participant])
      await tournamentParticipants.put({ participant: one })
    for (const table of ['benchmark_analytics_daily_runs', 'tournament_participants']) {
      await store.connection.command({ sql: `OPTIMIZE TABLE ${table} FINAL` })
    }
    expect(
      await ask(`SELECT count() FROM benchmark_analytics_daily_runs WHERE run_id = '${run.runId}'`),
    ).toBe('6')
    for (const one of runs) expect(await benchmarkRuns.find(one)).toStrictEqual(one)
    const { tournamentId } = participant
    expect((await tournamentParticipants.list({ tournamentId, limit: 9 })).items).toStrictEqual([
      participant,
      rival,
    ])
  })

  it('goes on from what a later release or a clock far ahead stored', async () => {
    const epoch = buildBenchmarkEpoch()
    const ahead = createClickHouseBenchmarkRepositories(store.connection, {
      now: () => Date.UTC(2199, 0, 1),
      writerId: 1_023,
    })
    await ahead.benchmarkEpochs.put({ epoch })
    await store.repositories.benchmarkEpochs.put({ epoch: { ...epoch, status: 'running' } })
    await store.connection.command({ sql: 'OPTIMIZE TABLE benchmark_epochs FINAL' })
    expect((await ahead.benchmarkEpochs.get(epoch)).status).toBe('running')
  })

  it.each([
    ['patterns_found', buildBenchmarkRun({ outcome: null, features: null })],
    ['coverage', buildScoringRun({ outcome: null, features: null })],
    ['feature_rows', buildBenchmarkRun({ outcome: null, features: null })],
  ] as const)('refuses a stored run of which only %s is known, instead of guessing', async (column, run) => {
    await store.repositories.benchmarkRuns.put({ run })
    const table = `benchmark_${run.imageType}_daily_runs`
    await store.connection.command({
      sql: `INSERT INTO ${table} SELECT * REPLACE (1 AS ${column}, _version + 1 AS _version) FROM ${table} FINAL
WHERE epoch_id = {epochId:String}`,
      params: { epochId: run.epochId },
    })
    await expect(store.repositories.benchmarkRuns.find(run)).rejects.toMatchObject({ code: 'corrupt_row' })
  })

  it('names the field at fault of a row that cannot be, and shows nothing else of it', async () => {
    const { benchmarkScores, tournaments } = store.repositories
    const tournament = { ...buildTournament({ datasetSeed: 'seed-of-the-week' }), currentDay: 256 }
    const refused: unknown = await tournaments.put({ tournament }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'invalid_input', details: { field: 'tournament.currentDay' } })
    expect(String(refused)).toContain('tournament.currentDay 256: ')
    expect(String(refused)).not.toContain('seed-of-the-week')
    const scores = [buildBenchmarkScore(), Object.assign(buildBenchmarkScore(), { mood: 'good' })]
    await expect(benchmarkScores.put({ scores })).rejects.toThrow(/^scores\.1: .*mood/)
    for (const score of scores) expect(await benchmarkScores.find(score)).toBeNull()
  })

  it('says that the migrations are missing where they are', async () => {
    await using empty = await connectFresh(engine)
    const all = createClickHouseBenchmarkRepositories(empty, clock)
    const missing = { code: 'missing_schema' }
    const [tournament, participant] = [buildTournament(), buildTournamentParticipant()]
    await expect(all.tournaments.put({ tournament })).rejects.toMatchObject(missing)
    await expect(all.tournamentParticipants.put({ participant })).rejects.toMatchObject(missing)
    await expect(all.tournamentParticipants.nextRegistrationOrder(participant)).rejects.toMatchObject(missing)
    await expect(all.tournamentResults.put({ results: [buildTournamentResult()] })).rejects.toMatchObject(
      missing,
    )
    await expect(all.minerDatabases.put({ minerDatabase: buildMinerDatabase() })).rejects.toMatchObject(
      missing,
    )
    await expect(all.baselines.findActive({ imageType: 'ml' })).rejects.toMatchObject(missing)
    await expect(all.tournaments.count({})).rejects.toMatchObject(missing)
  })

  it.each([
    '',
    'default',
    'system',
    'benchmark_analytics_',
    'benchmark_other_5Miner',
    'benchmark_analytics_a`; DROP DATABASE default; --',
    'benchmark_analytics_a.b',
    `benchmark_analytics_${'a'.repeat(65)}`,
    'benchmark_analytics_5Miner\n',
  ])('never takes %j for a miner’s database', async (name) => {
    const { minerOutputs } = store.repositories
    // What reaches a program from outside has no brand.
    const outside: MinerDatabaseName = JSON.parse(JSON.stringify(name))
    const key = { minerDatabase: outside, runId: newUuid() }
    for (const question of [
      async () => minerOutputs.prepare({ ...key, imageType: 'ml', now: new Date(0) }),
      async () => minerOutputs.drop(key),
      async () => minerOutputs.clear({ ...key, imageType: 'ml' }),
      async () => minerOutputs.putPatterns({ ...key, rows: [buildJudgedPattern()] }),
      async () => minerOutputs.putPlanted({ ...key, rows: [buildPlantedOutcome()] }),
      async () => minerOutputs.putScores({ ...key, rows: [buildJudgedScore()] }),
      async () => minerOutputs.listPatterns({ ...key, limit: 1 }),
    ]) {
      const refused: unknown = await question().catch((error: unknown) => error)
      expect(isStorageError(refused, 'invalid_input')).toBe(true)
    }
    expect(await ask(`SELECT count() FROM system.databases WHERE name = 'default'`)).toBe('1')
  })

  it.each([`'; DROP TABLE benchmark_epochs; --`, '{hotkey:String}', '\\', '\u0000', '`', "' OR '1'='1"])(
    'refuses %j wherever a hotkey, an id, a network or a page is asked for',
    async (hostile) => {
      const { baselines, benchmarkEpochs, benchmarkRuns, benchmarkScores, submissions, tournamentResults } =
        store.repositories
      const run = buildBenchmarkRun()
      for (const question of [
        async () => submissions.find({ hotkey: hostile, imageType: 'ml' }),
        async () => submissions.list({ limit: 1, cursor: hostile }),
        async () => benchmarkEpochs.list({ tournamentId: hostile, limit: 1 }),
        async () => benchmarkRuns.find({ ...run, network: hostile }),
        async () => benchmarkRuns.list({ imageType: 'ml', hotkey: hostile, limit: 1 }),
        async () => benchmarkScores.listOf({ imageType: 'ml', hotkey: hostile, limit: 1 }),
        async () => baselines.find({ baselineId: hostile }),
        async () => tournamentResults.list({ tournamentId: hostile, limit: 1 }),
      ]) {
        await expect(question()).rejects.toMatchObject({ code: 'invalid_input' })
      }
    },
  )
})
