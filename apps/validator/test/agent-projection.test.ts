import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type Clock,
  runTask,
  silentLogger,
  StorageError,
  type TableReader,
  versionScoreOf,
} from '@subnetkit/core'
import {
  beginOne,
  buildAgent,
  buildAgentVersion,
  buildEvaluation,
  buildWeightsSnapshot,
  createEvaluation,
  finishCompleted,
  newHotkey,
  report,
  storeVersion,
} from '@subnetkit/core/contracts'
import {
  type ClickHouseConnection,
  connectClickHouse,
  readConnectionParams,
  startEmbeddedClickHouse,
} from '@subnetkit/storage-clickhouse'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { Validator } from '../src/compose.ts'
import type { RecordRepositories, RecordStore } from '../src/ports/record-store.ts'
import { projectAgentsTask, type ProjectionPass } from '../src/tasks/project-agents.ts'
import { callValidator } from './fixtures/call-validator.ts'
import { failingCalls, seededRandom } from './fixtures/failing-calls.ts'
import { openValidator } from './fixtures/open-validator.ts'
import { stepAtRandom } from './fixtures/random-evaluations.ts'
import { openTestStore, startTestEngine, type TestEngine } from './fixtures/sampling-store.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const STEPS = isSoak ? 1_200 : 60
/** Thousands of requests, one after another. */
const LONG_MS = isSoak ? 600_000 : 120_000
let folder = ''
let engine: TestEngine
let validator: Validator
let record: RecordStore
let sql: ClickHouseConnection
const environment = (): Record<string, string> => ({ DYNAMODB_ENDPOINT: engine.endpoint })
beforeAll(async () => {
  engine = await startTestEngine()
  folder = await mkdtemp(join(tmpdir(), 'validator-projection-'))
  validator = await openValidator(folder, environment())
  await validator.init({ pointInTimeRecovery: false })
  record = await validator.openRecord()
  sql = await connectClickHouse({
    params: readConnectionParams({}, { network: 'bittensor', prefix: 'validator' }),
    startEmbedded: async (options) => await startEmbeddedClickHouse({ folder, ...options }),
  })
})
afterAll(async () => {
  await sql.close()
  await record[Symbol.asyncDispose]()
  await validator[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
})

type Records = Pick<RecordRepositories, 'agentRecords'>

/** One pass as a process of its own. */
async function project(
  into: Records = record.repositories,
  clock: Clock = validator.clock,
): Promise<ProjectionPass> {
  const { newId, now, repositories: registry } = validator
  const deps = { registry, record: into, now, locks: registry.locks, worker: newId(), newId }
  return await runTask(projectAgentsTask, deps, {}, { clock, random: () => 0.5, logger: silentLogger })
}

const unavailable = (): StorageError =>
  new StorageError({ code: 'unavailable', message: 'refused by the test', retryable: true })

async function expectSame<Row, Key>(
  decided: TableReader<Row, Key>,
  copied: TableReader<Row, Key>,
): Promise<number> {
  const keys: Key[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof decided.listKeys>> = await decided.listKeys({ limit: 500, cursor })
    keys.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(await copied.findMany({ keys })).toStrictEqual(await decided.findMany({ keys }))
  return keys.length
}

async function expectBothEqual(): Promise<Readonly<{ evaluations: number; runs: number }>> {
  const { agentRows: decided } = validator.repositories
  const { agentRows: copied } = record.repositories
  const runs = await expectSame(decided.evaluationRuns, copied.evaluationRuns)
  return { runs, evaluations: await expectSame(decided.evaluations, copied.evaluations) }
}

async function sync(...flags: readonly string[]): Promise<Readonly<{ code: number | null; text: string }>> {
  const { code, stdout, stderr } = await callValidator(folder, ['agents', 'sync', ...flags], environment())
  return { code, text: `${stdout}${stderr}` }
}

it(
  'ends equal whatever stopped where, with a score for each version that its evaluations make',
  async () => {
    const [random, choose, fate] = [seededRandom(123_456_789), seededRandom(987_654_321), seededRandom(42)]
    const { repositories, tablePrefix, now } = validator
    const fateOf = (operation: string): 'before' | 'after' | null => {
      const isWrite = operation === 'put' || operation === 'update'
      return isWrite && fate() < 0.08 ? (fate() < 0.5 ? 'before' : 'after') : null
    }
    await using dying = await openTestStore(engine, { tablePrefix, wrap: failingCalls(fateOf) })
    const versionIds = [await storeVersion(repositories), await storeVersion(repositories)]
    const validators = [newHotkey(), newHotkey(), newHotkey()]
    for (const versionId of versionIds) {
      for (const validatorHotkey of validators)
        await createEvaluation(repositories, { versionId, validatorHotkey })
    }
    const { agentRecords } = record.repositories
    const faulty: Records = {
      agentRecords: {
        ...agentRecords,
        putEvaluations: async (params) => {
          if (random() < 0.2) throw unavailable()
          const result = await agentRecords.putEvaluations(params)
          if (random() < 0.2) throw unavailable()
          return result
        },
      },
    }
    for (let step = 0; step < STEPS; step += 1) {
      await stepAtRandom({ store: dying.repositories, versionIds, validators, random, choose, now })
      if (step % 15 === 0) await project(faulty).catch(() => null)
    }
    for (const validatorHotkey of validators) {
      await repositories.evaluations.sweep({ validatorHotkey, startedBefore: new Date(0), now: now() })
    }
    // Versions were put past the outbox of changes, which is somebody else's: only their scores are copied here.
    for (const versionId of versionIds) {
      const version = await repositories.agentVersions.find({ versionId })
      const { items } = await repositories.evaluations.list({ versionId, limit: 100 })
      expect(version?.score).toBe(versionScoreOf(items, null))
    }
    expect(await project()).toMatchObject({ failed: 0, waiting: 0 })
    const { evaluations, runs } = await expectBothEqual()
    expect(evaluations).toBeGreaterThanOrEqual(6)
    expect(runs).toBeGreaterThan(0)
    expect(await project()).toMatchObject({ evaluations: 0, runs: 0, scores: 0 })
  },
  LONG_MS,
)

it('ends with the mean of both when two evaluations of a version finish at once', async () => {
  const { repositories } = validator
  const versionId = await storeVersion(repositories)
  const evaluations = []
  for (const solved of [true, false, false]) {
    const { validatorHotkey } = await createEvaluation(repositories, { versionId })
    const claim = { validatorHotkey, claimId: validator.newId(), now: validator.now() }
    const evaluation = await repositories.evaluations.claim(claim)
    if (evaluation === null) expect.unreachable()
    await report(repositories, evaluation, { solved })
    evaluations.push(evaluation)
  }
  await Promise.all(evaluations.map(async (evaluation) => await finishCompleted(repositories, evaluation)))
  const version = await repositories.agentVersions.find({ versionId })
  expect(version?.score).toBeCloseTo(1 / 3, 12)
  expect(await project()).toMatchObject({ failed: 0 })
  expect(await record.repositories.agentVersions.find({ versionId })).toStrictEqual(version)
})

it('lets one of two projectors work, and loses nothing', async () => {
  const begun = await Promise.all(
    Array.from({ length: 4 }, async () => await beginOne(validator.repositories)),
  )
  const passes = await Promise.all([project(), project()])
  expect(passes.filter((pass) => pass === null).length).toBeLessThan(2)
  await project()
  const { evaluations } = await expectBothEqual()
  expect(evaluations).toBeGreaterThanOrEqual(begun.length)
})

it.each(['and dies', 'and goes on'])(
  'an old projector that wakes up puts nothing over a newer row, %s',
  async (end) => {
    await project()
    const begun = await beginOne(validator.repositories)
    await report(validator.repositories, begun)
    const { agentRecords } = record.repositories
    let wakeUp = (): void => undefined
    const asleep = new Promise<void>((resolve) => {
      wakeUp = resolve
    })
    let fallAsleep = (): void => undefined
    const isAsleep = new Promise<void>((resolve) => {
      fallAsleep = resolve
    })
    const putEvaluations: typeof agentRecords.putEvaluations = async (params) => {
      fallAsleep()
      await asleep
      const result = await agentRecords.putEvaluations(params)
      if (end === 'and dies') throw unavailable()
      return result
    }
    const old = project({ agentRecords: { ...agentRecords, putEvaluations } })
    await isAsleep
    const finished = await finishCompleted(validator.repositories, begun)
    const { clock } = validator
    const later: Clock = { ...clock, now: () => new Date(clock.now().getTime() + 60_000) }
    expect(await project(record.repositories, later)).toMatchObject({ evaluations: 1 })
    wakeUp()
    await old.catch(() => null)
    const [found] = await record.repositories.agentRows.evaluations.findMany({ keys: [finished] })
    expect(found).toStrictEqual({ kind: 'row', row: finished })
  },
)

it('keeps what a record that is down cannot take, and copies past a row that it refuses', async () => {
  await project()
  const { agentRecords } = record.repositories
  const one = await beginOne(validator.repositories)
  await beginOne(validator.repositories)
  const down = {
    agentRecords: {
      ...agentRecords,
      putEvaluations: async () => {
        throw unavailable()
      },
    },
  }
  await expect(project(down)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await validator.repositories.evaluationOutbox.evaluations.count()).toBe(2)
  const picky: typeof agentRecords.putEvaluations = async (params) => {
    for await (const { evaluationId } of params.evaluations) {
      if (evaluationId !== one.evaluationId) continue
      throw new StorageError({ code: 'invalid_input', message: 'not this one' })
    }
    return await agentRecords.putEvaluations(params)
  }
  const pass = await project({ agentRecords: { ...agentRecords, putEvaluations: picky } })
  const failures = [{ table: 'evaluations', id: one.evaluationId, problem: 'not this one' }]
  expect(pass).toMatchObject({ evaluations: 1, failed: 1, failures })
  expect(await project()).toMatchObject({ evaluations: 1, failed: 0 })
  await expectBothEqual()
})

it(
  'finds and repairs what somebody changed, broke, removed or added, by the command',
  async () => {
    const { repositories, now } = validator
    const at = now()
    const time = { createdAt: at, lastUpdated: at }
    const agent = buildAgent({ ...time, agentId: validator.newId(), minerHotkey: newHotkey() })
    const version = buildAgentVersion({ versionId: validator.newId(), agentId: agent.agentId, createdAt: at })
    const snapshot = buildWeightsSnapshot({ id: validator.newId(), timestamp: at })
    const { agentRecords } = record.repositories
    const begun = await beginOne(repositories)
    const run = await report(repositories, begun)
    // What tests put straight into one store is brought over first.
    expect((await sync('--repair')).code).toBe(0)
    await agentRecords.putAgents({ agents: [agent] })
    await agentRecords.putVersions({ versions: [version] })
    await agentRecords.putSnapshots({ snapshots: [snapshot] })
    await agentRecords.putEvaluations({ evaluations: [buildEvaluation({ evaluationId: validator.newId() })] })
    const tampered = { ...begun, status: 'completed', score: 1 } as const
    await agentRecords.putEvaluations({ evaluations: [tampered] })
    const params = { run: run.runId, version: begun.versionId }
    const settings = { mutations_sync: 1 }
    await sql.command({
      sql: 'ALTER TABLE evaluation_runs DELETE WHERE run_id = {run:String}',
      params,
      settings,
    })
    await sql.command({
      sql: 'ALTER TABLE agent_versions UPDATE version_num = 4000000 WHERE version_id = {version:String}',
      params,
      settings,
    })

    const checked = await sync('--json')
    expect(checked.code).toBe(1)
    for (const part of [
      'only_in_record',
      'missing',
      'unreadable',
      agent.agentId,
      run.runId,
      '"field":"status"',
    ]) {
      expect(checked.text.replaceAll(/":\s+/g, '":')).toContain(part)
    }
    expect(await repositories.agents.find(agent)).toBeNull()
    expect((await sync('--repair')).text).toContain('all of it is repaired')
    expect(await sync()).toMatchObject({ code: 0, text: expect.stringContaining('Both stores are equal.') })
    expect(await repositories.agents.find(agent)).toStrictEqual(agent)
    expect(await repositories.agentVersions.find(version)).toStrictEqual(version)
    expect(await repositories.weightsSnapshots.find(snapshot)).toStrictEqual(snapshot)
    await expectBothEqual()

    const rival = buildAgent({ ...time, agentId: validator.newId(), minerHotkey: agent.minerHotkey })
    await agentRecords.putAgents({ agents: [rival] })
    const refused = await sync('--repair')
    expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('conflict') })
    expect(await repositories.agents.findByHotkey(agent)).toStrictEqual(agent)
  },
  LONG_MS,
)

it('refuses to check and to repair at once', async () => {
  expect(await sync('--repair', '--check')).toMatchObject({
    code: 2,
    text: expect.stringContaining('not both'),
  })
})
