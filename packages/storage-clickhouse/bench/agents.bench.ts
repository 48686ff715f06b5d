import type { AgentAnalysisRepository } from '@subnetkit/core'
import { buildEvaluation, buildEvaluationRun } from '@subnetkit/core/contracts'
import { expect, inject, it } from 'vitest'

import { createClickHouseAgentRepositories, type ClickHouseConnection } from '../src/index.ts'
import { readText } from '../test/connected.ts'
import { openValidatorStore, type ValidatorStore } from '../test/validator-store.ts'
import { agentsFixture, fixtureNow, type AgentsSize } from './agents-fixture.ts'
import { formatTable, interleave, type Contender, type Measurement } from './interleave.ts'

const AGENTS = Number(process.env['BENCH_AGENTS'] ?? 2_000)
const RUNS = Number(process.env['BENCH_RUNS'] ?? 10)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const WRITTEN = 5_000

const sizes = {
  tenth: { agents: AGENTS / 10, runs: RUNS },
  fewRuns: { agents: AGENTS, runs: RUNS / 10 },
  full: { agents: AGENTS, runs: RUNS },
} as const satisfies Record<string, AgentsSize>

/** What is asked about: the agent of the newest completed evaluation, a version that waits, a miner with weight. */
interface Subject {
  readonly agentId: string
  readonly versionId: string
  readonly minerHotkey: string
}

interface Question {
  readonly name: string
  readonly ask: (analyses: AgentAnalysisRepository, subject: Subject) => Promise<unknown>
  /** The plainest scan: the columns that the answer depends on, of all rows, read and thrown away. */
  readonly scan: string
}

const evaluations = (columns: string): string => `SELECT ${columns} FROM evaluations FINAL FORMAT Null`
const questions: readonly Question[] = [
  {
    name: '`listTopAgents`, 3',
    ask: async (analyses) => analyses.listTopAgents({ limit: 3 }),
    scan: 'SELECT agent_id, version_id, version_num, created_at, score FROM agent_versions FINAL FORMAT Null',
  },
  {
    name: '`listRecentExecutions`, 3',
    ask: async (analyses) => analyses.listRecentExecutions({ limit: 3 }),
    scan: evaluations('version_id, evaluation_id, created_at'),
  },
  {
    name: '`findLatestExecution`',
    ask: async (analyses, { agentId }) => analyses.findLatestExecution({ agentId }),
    scan: evaluations('version_id, evaluation_id, status, created_at, score'),
  },
  {
    name: '`findSummary`',
    ask: async (analyses, { agentId }) => analyses.findSummary({ agentId }),
    scan: evaluations('version_id, validator_hotkey, status, score'),
  },
  {
    name: '`listVersionExecutions`',
    ask: async (analyses, { versionId }) => analyses.listVersionExecutions({ versionId }),
    scan: evaluations('*'),
  },
  {
    name: '`getTopMinerShare`',
    ask: async (analyses, { minerHotkey }) => analyses.getTopMinerShare({ minerHotkey, now: fixtureNow }),
    scan: 'SELECT timestamp, miner_weights FROM weights_history FINAL FORMAT Null',
  },
  {
    name: '`listWeightsHistory`',
    ask: async (analyses) => analyses.listWeightsHistory({ now: fixtureNow }),
    scan: 'SELECT * FROM weights_history FINAL FORMAT Null',
  },
  {
    name: '`listQueuePlaces`',
    ask: async (analyses, { versionId }) => analyses.listQueuePlaces({ versionId }),
    scan: evaluations('evaluation_id, validator_hotkey, status, created_at'),
  },
]

interface Filled {
  readonly store: ValidatorStore
  readonly analyses: AgentAnalysisRepository
  readonly subject: Subject
}

async function fill(size: AgentsSize): Promise<Filled> {
  const store = await openValidatorStore(inject('clickHouseEngines')[0])
  const { connection } = store
  for (const { sql } of agentsFixture(size)) await connection.command({ sql })
  const { agentAnalyses } = createClickHouseAgentRepositories(connection, { now: Date.now, writerId: 9 })
  const tables = await readText(
    connection,
    `SELECT table, sum(rows) FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table FORMAT TabSeparated`,
  )
  // As merges leave it after a while: what was replaced is gone.
  for (const line of tables.trim().split('\n')) {
    await connection.command({ sql: `OPTIMIZE TABLE ${line.split('\t')[0] ?? ''} FINAL` })
  }
  process.stdout.write(`\n${JSON.stringify(size)}, rows as they were put:\n${tables}`)
  const one = async (sql: string): Promise<string> =>
    (await readText(connection, `${sql} FORMAT TabSeparated`)).trim()
  const newest = (status: string): string =>
    `SELECT version_id FROM evaluations FINAL WHERE status = '${status}' ORDER BY created_at DESC, version_id LIMIT 1`
  return {
    store,
    analyses: agentAnalyses,
    subject: {
      agentId: await one(`SELECT agent_id FROM agent_versions WHERE version_id = (${newest('completed')})`),
      versionId: await one(newest('waiting')),
      minerHotkey: await one('SELECT miner_weights[20].1 FROM weights_history LIMIT 1'),
    },
  }
}

async function drain(connection: ClickHouseConnection, sql: string): Promise<void> {
  for await (const _chunk of connection.read({ sql })) continue
}

const shown = ({ median, min, max }: Measurement): string =>
  `${median.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`
const ratio = (a: Measurement, b: Measurement, of: 'median' | 'min'): string => (a[of] / b[of]).toFixed(2)

it('agents: the eight questions at a tenth, with a tenth of the runs, and in full', async () => {
  const [tenth, fewRuns, full] = [
    await fill(sizes.tenth),
    await fill(sizes.fewRuns),
    await fill(sizes.full),
  ] as const
  const lines: string[] = []
  for (const { name, ask, scan } of questions) {
    const asked = ({ analyses, subject }: Filled): Contender['run'] => {
      return async () => void (await ask(analyses, subject))
    }
    const [small, few, large, least, idle] = await interleave(
      [
        { name: 'tenth', run: asked(tenth) },
        { name: 'few runs', run: asked(fewRuns) },
        { name: 'full', run: asked(full) },
        { name: 'scan', run: async () => drain(full.store.connection, scan) },
        { name: 'idle', run: async () => drain(full.store.connection, 'SELECT 1 FORMAT Null') },
      ],
      ROUNDS,
    )
    if (!small || !few || !large || !least || !idle) continue
    const growth = [small, few].map((one) => `${ratio(large, one, 'median')} / ${ratio(large, one, 'min')}`)
    lines.push(
      `| ${name} | ${shown(large)} | ${growth.join(' | ')} | ${shown(least)} | ${ratio(large, least, 'median')} | ${idle.median.toFixed(1)} |`,
    )
  }
  const head = `| Question | ms, median (min–max) | ÷ a tenth, median / min | ÷ a tenth of the runs | scan | ÷ scan | SELECT 1 |\n|---|---|---|---|---|---|---|`
  process.stdout.write(`\n${head}\n${lines.join('\n')}\n\n`)
  expect(lines).toHaveLength(questions.length)
  for (const { store } of [tenth, fewRuns, full]) await store.close()
})

it('agents: what the queues cost the writer', async () => {
  const [fed, unfed] = [await fill(sizes.tenth), await fill(sizes.tenth)] as const
  await unfed.store.connection.command({ sql: 'DROP TABLE evaluation_queues_feed SYNC' })
  const rows = Array.from({ length: WRITTEN }, () => buildEvaluation())
  const runs = rows.map(({ evaluationId }) => buildEvaluationRun({ evaluationId }))
  const records = [fed, unfed].map(
    ({ store: { connection } }) =>
      createClickHouseAgentRepositories(connection, { now: Date.now, writerId: 9 }).agentRecords,
  )
  const [withFeed, without] = records
  if (withFeed === undefined || without === undefined) expect.unreachable()
  const written = await interleave(
    [
      {
        name: '`putEvaluations`',
        run: async () => void (await withFeed.putEvaluations({ evaluations: rows })),
      },
      { name: 'without queues', run: async () => void (await without.putEvaluations({ evaluations: rows })) },
      { name: '`putRuns`', run: async () => void (await withFeed.putRuns({ runs })) },
    ],
    ROUNDS,
  )
  process.stdout.write(`\n${formatTable('Write', WRITTEN, written)}\n\n`)
  expect(written).toHaveLength(3)
  for (const { store } of [fed, unfed]) await store.close()
})
