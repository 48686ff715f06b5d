import type { Agent } from '@subnetkit/core'
import {
  agentTime,
  buildAgent,
  buildAgentVersion,
  buildEvaluation,
  newHotkey,
  newUuid,
} from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { agentsFixture } from '../bench/agents-fixture.ts'
import {
  createClickHouseAgentRepositories,
  migrate,
  packagedMigrations,
  readMigrations,
  type ClickHouseAgentRepositories,
  type ClickHouseConnection,
  type Statement,
} from '../src/index.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine, type ClickHouseTestEngine } from './engine.ts'
import { openValidatorStore, type ValidatorStore } from './validator-store.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const writer = { now: (): number => Date.UTC(2025, 7, 2), writerId: 9 }

describeOnEachEngine('what ranks and queues are read from', (engine) => {
  let store: ValidatorStore
  let registry: ClickHouseAgentRepositories
  beforeAll(async () => {
    store = await openValidatorStore(engine)
    registry = createClickHouseAgentRepositories(store.connection, writer)
  })
  afterAll(async () => {
    await store.close()
  })
  const topIds = async (limit: number): Promise<readonly string[]> =>
    (await registry.agentAnalyses.listTopAgents({ limit })).map(({ agentId }) => agentId)
  const places = async (versionId: string): Promise<readonly (number | null)[]> =>
    (await registry.agentAnalyses.listQueuePlaces({ versionId })).map(({ place }) => place)

  it('finds the top agents behind more stale scores than it looks at', async () => {
    const { agentRecords } = registry
    const agents = Array.from({ length: 60 }, () => buildAgent())
    const [first, second, third, orphan] = agents
    if (!first || !second || !third || !orphan) expect.unreachable()
    const put = async (
      fields: Parameters<typeof buildAgentVersion>[0],
      ids: readonly Agent[],
    ): Promise<void> => {
      const versions = ids.map(({ agentId }) => buildAgentVersion({ ...fields, agentId }))
      await agentRecords.putVersions({ versions })
    }
    await agentRecords.putAgents({ agents: agents.filter((agent) => agent !== orphan) })
    // All were the best once; a newer version of each is worse, and still has a rank of its own.
    await put({ score: 1, createdAt: agentTime(1) }, agents)
    await put({ score: 0.1, createdAt: agentTime(2) }, agents)
    expect(await topIds(3)).toStrictEqual(await everyone(3))
    await put({ score: 0.9, createdAt: agentTime(3) }, [orphan, first])
    await put({ score: 0.8, createdAt: agentTime(3) }, [second])
    await put({ score: null, createdAt: agentTime(4) }, [first])
    expect(await topIds(2)).toStrictEqual([first.agentId, second.agentId])
    // A score that is taken back, and one that is rewritten: the same rows, put again.
    const version = buildAgentVersion({ agentId: third.agentId, score: 0.95, createdAt: agentTime(5) })
    await agentRecords.putVersions({ versions: [version] })
    expect(await topIds(1)).toStrictEqual([third.agentId])
    await agentRecords.putVersions({ versions: [{ ...version, score: null }] })
    expect(await topIds(1)).toStrictEqual([first.agentId])
    await agentRecords.putVersions({ versions: [{ ...version, score: 0.85 }] })
    expect(await topIds(3)).toStrictEqual([first.agentId, third.agentId, second.agentId])
    expect(await topIds(100)).toStrictEqual(await everyone(100))
  })

  /** As it is answered where the whole table is read. */
  const everyone = async (limit: number): Promise<readonly string[]> => (await topIds(1_000)).slice(0, limit)

  it('keeps out of the queue what left it, whatever arrives late', async () => {
    const { agentRecords } = registry
    const validatorHotkey = newHotkey()
    const waiting = [1, 2, 3].map((second) =>
      buildEvaluation({ validatorHotkey, status: 'waiting', createdAt: agentTime(second) }),
    )
    const [first, second, third] = waiting
    if (!first || !second || !third) expect.unreachable()
    const early = agentRecords.stamp()
    await agentRecords.putEvaluations({ evaluations: waiting })
    expect(await places(third.versionId)).toStrictEqual([3])
    const running = { ...first, status: 'running', startedAt: agentTime(4) } as const
    await agentRecords.putEvaluations({ evaluations: [running] })
    expect(await places(third.versionId)).toStrictEqual([2])
    // Read before it began, and projected only now.
    await agentRecords.putEvaluations({ evaluations: [first], stamp: early })
    expect(await places(third.versionId)).toStrictEqual([2])
    expect(await places(first.versionId)).toStrictEqual([0])
    // Its next attempt waits at the old place.
    await agentRecords.putEvaluations({ evaluations: [{ ...first, attempt: 2 }] })
    expect(await places(third.versionId)).toStrictEqual([3])
    await store.connection.command({ sql: 'OPTIMIZE TABLE evaluation_queues FINAL' })
    expect(await places(second.versionId)).toStrictEqual([2])
    expect(await places(third.versionId)).toStrictEqual([3])
  })

  it('fills ranks and queues with what was stored before they were there', async () => {
    await using connection = await connectFresh(engine)
    const folder = await packagedMigrations('validator')
    const files = (await readMigrations(folder)).filter(({ number }) => number <= 20)
    const now = (): Date => new Date(writer.now())
    await migrate(connection, { files, now })
    const { agentAnalyses, agentRecords } = createClickHouseAgentRepositories(connection, writer)
    const agent = buildAgent()
    const version = buildAgentVersion({ agentId: agent.agentId, score: 0.4 })
    const evaluation = buildEvaluation({ versionId: version.versionId, status: 'waiting' })
    await agentRecords.putAgents({ agents: [agent] })
    await agentRecords.putVersions({ versions: [{ ...version, score: 0.7 }] })
    await agentRecords.putVersions({ versions: [version] })
    await agentRecords.putEvaluations({ evaluations: [evaluation] })
    await migrate(connection, { folder, now })
    expect(await agentAnalyses.listTopAgents({ limit: 1 })).toMatchObject([
      { ...agentIdOf(version), score: 0.4 },
    ])
    expect(await agentAnalyses.listQueuePlaces(version)).toMatchObject([{ place: 1 }])
    expect(await agentAnalyses.listRecentExecutions({ limit: 1 })).toMatchObject([{ evaluation }])
  })

  it('finds no place for a version that nobody judges', async () => {
    expect(await places(newUuid())).toStrictEqual([])
  })

  it.each(isSoak ? [[4_000, 16_000]] : [])(
    'reads as much of %i agents as of %i',
    { timeout: 300_000 },
    async (few, many) => {
      const [small, large] = [await countRows(engine, few), await countRows(engine, many)]
      // Four times the rows. In front of the newest that wait there are four times as many, and they are counted.
      const grown = Object.entries(small).filter(
        ([name, rows]) => !((large[name] ?? Number.NaN) < 2.5 * rows),
      )
      expect(grown).toStrictEqual([])
    },
  )
})

/** What is read of a registry of so many agents, whose tables are merged. */
async function countRows(
  engine: ClickHouseTestEngine,
  agents: number,
): Promise<Readonly<Record<string, number>>> {
  await using store = await openValidatorStore(engine)
  for (const { sql } of agentsFixture({ agents, runs: 2 })) await store.connection.command({ sql })
  for (const table of ['agent_versions', 'agent_version_ranks', 'evaluations', 'evaluation_queues']) {
    await store.connection.command({ sql: `OPTIMIZE TABLE ${table} FINAL` })
  }
  const counted = await readRows(store.connection)
  return counted
}

const agentIdOf = ({ agentId }: Pick<Agent, 'agentId'>): Pick<Agent, 'agentId'> => ({ agentId })

/** Rows that the server read for each question, counted by it: exact, whatever else the machine does. */
async function readRows(connection: ClickHouseConnection): Promise<Readonly<Record<string, number>>> {
  const asked: Statement[] = []
  const listening: ClickHouseConnection = {
    ...connection,
    read(statement) {
      asked.push(statement)
      return connection.read(statement)
    },
  }
  const { agentAnalyses } = createClickHouseAgentRepositories(listening, writer)
  const one = async (sql: string): Promise<string> =>
    (await readText(connection, `${sql} LIMIT 1 FORMAT TabSeparated`)).trim()
  const versionId = await one(
    `SELECT version_id FROM evaluations FINAL WHERE status = 'waiting' ORDER BY created_at DESC, version_id`,
  )
  const agentId = await one(`SELECT agent_id FROM agent_versions WHERE score IS NOT NULL ORDER BY version_id`)
  const counted: Record<string, number> = {}
  const questions = {
    top: async () => agentAnalyses.listTopAgents({ limit: 3 }),
    recent: async () => agentAnalyses.listRecentExecutions({ limit: 3 }),
    latest: async () => agentAnalyses.findLatestExecution({ agentId }),
    places: async () => agentAnalyses.listQueuePlaces({ versionId }),
  }
  for (const [name, ask] of Object.entries(questions)) {
    asked.length = 0
    await ask()
    const rows = asked.map(async (statement) => {
      const sql = statement.sql.replace(/FORMAT \w+$/, 'FORMAT Null')
      return (await connection.command({ ...statement, sql })).readRows
    })
    counted[name] = (await Promise.all(rows)).reduce((sum, each) => sum + each, 0)
  }
  return counted
}
