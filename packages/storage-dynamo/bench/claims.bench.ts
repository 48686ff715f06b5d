import { buildSamplingTasks, taskNow, TASK_LEASE_MS } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import {
  connectDynamo,
  createDynamoRepositories,
  defineTable,
  putItem,
  reconcileTables,
  runInParallel,
  taskQueueTable,
  updateItemIf,
  type DynamoConnection,
} from '../src/index.ts'
import { compare } from '../src/requests/condition.ts'
import { engines, freshTables } from '../test/engine.ts'

const TASKS = Number(process.env['BENCH_TASKS'] ?? 640)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)
const CLAIM_LIMIT = 10
const LARGEST_CLAIM = 100
const WORKER_COUNTS = [1, 8, 64] as const

/** What the floor writes to: a plain item, without an index. */
const floorTable = defineTable({
  name: 'bench_floor',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [],
  expiryAttribute: null,
})

interface Measured {
  readonly name: string
  readonly perSecond: readonly number[]
}

/** Runs `work` once per worker, side by side, and gives items per second; `work` gives how many items it did. */
async function rateOf(workers: number, work: (worker: number) => Promise<number>): Promise<number> {
  const startedMs = performance.now()
  const done = await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  const seconds = (performance.now() - startedMs) / 1000
  expect(done.reduce((left, right) => left + right, 0)).toBe(TASKS)
  return TASKS / seconds
}

/** Bare conditional updates, each of an item of its own: what the engine gives at this concurrency. */
async function measureFloor(connection: DynamoConnection, workers: number, round: number): Promise<number> {
  const keys = Array.from({ length: TASKS }, (_, id) => ({ pk: `${workers} ${round} ${id}` }))
  await runInParallel(keys, 16, (key) =>
    putItem({ connection, table: floorTable, item: { ...key, state: 'new' } }),
  )
  const queue = keys.values()
  return rateOf(workers, async () => {
    let done = 0
    for (const key of queue) {
      const change = { set: { state: 'taken', owner: 'worker', at: taskNow.toISOString() } }
      const condition = compare('state', '=', 'new')
      const item = await updateItemIf({ connection, table: floorTable, key, change, condition })
      if (item !== null) done += 1
    }
    return done
  })
}

/** Claims until the queue is empty; `isShared` is one process with many workers, else each has its own repository. */
async function measureClaims(
  connection: DynamoConnection,
  workers: number,
  round: number,
  how: Readonly<{ limit: number; isShared: boolean }>,
): Promise<number> {
  const { limit, isShared } = how
  const environment = `${workers}/${round}/${limit}/${String(isShared)}`
  const own = (): ReturnType<typeof createDynamoRepositories>['samplingTasks'] =>
    createDynamoRepositories(connection).samplingTasks
  const shared = own()
  const tasks = buildSamplingTasks({ environment, minerHotkey: 'miner' }, TASKS)
  await shared.create({ tasks, now: taskNow })
  return rateOf(workers, async (worker) => {
    const repository = isShared ? shared : own()
    let done = 0
    for (let turn = 0; ; turn += 1) {
      const claim = { environment, owner: 'worker', claimId: `${worker}-${turn}`, limit }
      const held = await repository.claim({ ...claim, leaseMs: TASK_LEASE_MS, now: taskNow })
      if (held.length === 0) return done
      done += held.length
    }
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

function row(measured: Measured, floor: number): string {
  const rate = median(measured.perSecond)
  return `| ${measured.name.padEnd(58)} | ${rate.toFixed(0).padStart(9)} | ${(rate / floor).toFixed(2).padStart(5)} |`
}

for (const engine of engines.filter(({ isRunning }) => isRunning)) {
  it(`claims on ${engine.name}`, async () => {
    await using fresh = freshTables(engine)
    const { endpoint, tablePrefix } = fresh
    await using connection = connectDynamo({ endpoint, tablePrefix, maxSockets: 64 })
    await reconcileTables({ connection, tables: [taskQueueTable, floorTable] })
    for (const workers of WORKER_COUNTS) {
      const contenders = [
        { name: 'floor: bare conditional updates', run: measureFloor },
        ...[1, CLAIM_LIMIT, LARGEST_CLAIM].map((limit) => ({
          name: `claims of ${limit}, one process`,
          run: (over: DynamoConnection, count: number, round: number) =>
            measureClaims(over, count, round, { limit, isShared: true }),
        })),
        {
          name: `claims of ${CLAIM_LIMIT}, a process per worker`,
          run: (over: DynamoConnection, count: number, round: number) =>
            measureClaims(over, count, round, { limit: CLAIM_LIMIT, isShared: false }),
        },
      ]
      const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const { name, run } of contenders) rates.get(name)?.push(await run(connection, workers, round))
      }
      const measured = [...rates].map(([name, perSecond]) => ({ name, perSecond }))
      const floor = median(measured[0]?.perSecond ?? [])
      expect(measured.every(({ perSecond }) => perSecond.length === ROUNDS)).toBe(true)
      const lines = measured.map((one) => row(one, floor))
      const head = [`${engine.name}, ${workers} workers, ${TASKS} tasks`, '| what | tasks per s | ÷ floor |']
      process.stdout.write(`\n${[...head, ...lines].join('\n')}\n`)
    }
  })
}
