import { randomUUID } from 'node:crypto'

import { summariseWeightCycle, type ChainNeuron, type ChainSnapshotRepository } from '@subnetkit/core'
import {
  buildChainNeuron,
  buildMinerWeightTrace,
  buildWeightCycle,
  newContentId,
  newHotkey,
} from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  createClickHouseRecordRepositories,
  insertRows,
  packagedMigrations,
  readMigrations,
  readRetention,
  readTableSizes,
  setRetention,
  type ClickHouseConnection,
  type RetainedTable,
} from '../src/index.ts'
import { weightCycleRow } from '../src/repositories/weight-cycle-rows.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'
import { openValidatorStore, type ValidatorStore } from './validator-store.ts'

const DAY = 86_400_000

describeOnEachEngine('the record of weights', (engine) => {
  let store: ValidatorStore
  beforeAll(async () => {
    store = await openValidatorStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })
  const ask = async (sql: string): Promise<string> =>
    (await readText(store.connection, `${sql} FORMAT TabSeparatedRaw`)).trim()
  const merge = async (...tables: readonly string[]): Promise<void> => {
    for (const table of tables) await store.connection.command({ sql: `OPTIMIZE TABLE ${table} FINAL` })
  }

  it('has the subnet in front of every key, and no partition that a row could move out of', async () => {
    const tables = `FROM system.tables WHERE database = currentDatabase() AND (name = 'weight_cycles' OR name LIKE 'miner_weight%' OR name LIKE 'chain%') AND engine LIKE '%MergeTree'`
    expect(await ask(`SELECT DISTINCT splitByString(', ', sorting_key)[1], partition_key ${tables}`)).toBe(
      'netuid',
    )
    expect(await ask(`SELECT count(), uniqExact(engine), any(engine) ${tables}`)).toBe(
      '6\t1\tReplacingMergeTree',
    )
  })

  it('keeps two validators with the same hotkeys apart when the engine merges', async () => {
    const { minerWeightTraces, weightCycles } = store.repositories
    const cycleId = newContentId()
    const validators = [newHotkey(), newHotkey()]
    const hotkeys = ['a', 'b', 'c']
    const traces = validators.map((validatorHotkey, index) =>
      hotkeys.map((hotkey) =>
        buildMinerWeightTrace({ validatorHotkey, cycleId, hotkey, submittedValue: index, weight: index }),
      ),
    )
    const cycles = validators.map((validatorHotkey) => buildWeightCycle({ validatorHotkey, cycleId }))
    for (const each of [...traces, ...traces]) await minerWeightTraces.put({ traces: each })
    for (const cycle of [...cycles, ...cycles]) await weightCycles.put({ cycle })
    await merge('miner_weight_traces', 'miner_weight_trace_points', 'weight_cycles')
    for (const table of ['miner_weight_traces', 'miner_weight_trace_points']) {
      expect(await ask(`SELECT count() FROM ${table} WHERE cycle_id = '${cycleId}'`)).toBe('6')
    }
    expect(await ask(`SELECT count() FROM weight_cycles WHERE cycle_id = '${cycleId}'`)).toBe('2')
    for (const [index, validatorHotkey] of validators.entries()) {
      const scope = { netuid: 64, validatorHotkey }
      expect((await minerWeightTraces.list({ ...scope, cycleId, limit: 9 })).items).toStrictEqual(
        traces[index],
      )
      const points = await minerWeightTraces.listPoints({ ...scope, hotkey: 'a', limit: 9 })
      expect(points.map(({ submittedValue }) => submittedValue)).toStrictEqual([index])
      expect(await weightCycles.find({ ...scope, cycleId })).toStrictEqual(cycles[index])
    }
  })

  it('lists more cycles at once than a parameter of the server can name', async () => {
    const validatorHotkey = newHotkey()
    const cycles = Array.from({ length: 4_000 }, (_unused, index) =>
      buildWeightCycle({ validatorHotkey, weights: [], createdAt: new Date(index) }),
    )
    await insertRows(store.connection, weightCycleRow, cycles, { version: 1n })
    const { items } = await store.repositories.weightCycles.listSummaries({
      netuid: 64,
      validatorHotkey,
      limit: 10_000,
    })
    expect(items).toStrictEqual(cycles.toReversed().map(summariseWeightCycle))
  })

  it('counts the miners with weight of cycles that were stored before their number was kept', async () => {
    const cycle = buildWeightCycle({ validatorHotkey: newHotkey() })
    await store.repositories.weightCycles.put({ cycle })
    await store.connection.command({ sql: 'ALTER TABLE weight_cycles DROP COLUMN weighted_miners' })
    for (const { name, sql } of await readMigrations(await packagedMigrations('validator'))) {
      if (name.endsWith('_add_weighted_miners.sql')) await store.connection.command({ sql })
    }
    const { items } = await store.repositories.weightCycles.listSummaries({ ...cycle, limit: 1 })
    expect(items).toStrictEqual([summariseWeightCycle(cycle)])
  })

  it('keeps what a merge leaves of an epoch that was put again with other hotkeys', async () => {
    const { chainSnapshots } = store.repositories
    const epoch = { netuid: 7, epochBlock: 720 }
    const at = (uid: number, hotkey: string): ChainNeuron => buildChainNeuron({ ...epoch, uid, hotkey })
    await chainSnapshots.put({ neurons: [at(0, 'a'), at(1, 'b')] })
    await chainSnapshots.put({ neurons: [at(0, 'c'), at(1, 'b')] })
    await merge('chain_snapshots', 'chain_snapshot_points', 'chain_snapshot_epochs')
    expect(await chainSnapshots.list(epoch)).toStrictEqual([at(0, 'c'), at(1, 'b')])
    expect(await chainSnapshots.listPoints({ netuid: 7, hotkey: 'a', limit: 9 })).toStrictEqual([])
    expect(await chainSnapshots.listPoints({ netuid: 7, hotkey: 'c', limit: 9 })).toHaveLength(1)
  })

  it.each([0, 1])(
    'finishes an epoch that was cut short after %s of its two writes, when it is put again',
    async (survived) => {
      const epoch = { netuid: 20 + survived, epochBlock: 720 }
      const before = [buildChainNeuron({ ...epoch, uid: 0, hotkey: 'a' })]
      const after = [buildChainNeuron({ ...epoch, uid: 0, hotkey: 'b' })]
      const points = async (hotkey: string): Promise<number> =>
        (await store.repositories.chainSnapshots.listPoints({ ...epoch, hotkey, limit: 9 })).length
      const restarted = (connection: ClickHouseConnection, day: number): ChainSnapshotRepository =>
        createClickHouseRecordRepositories(connection, { now: () => Date.UTC(2025, 8, day), writerId: 8 })
          .chainSnapshots
      await store.repositories.chainSnapshots.put({ neurons: before })
      const dying = restarted(cutAfter(store.connection, survived), 1)
      await expect(dying.put({ neurons: after })).rejects.toThrow('killed')
      expect(await store.repositories.chainSnapshots.list(epoch)).toStrictEqual(before)
      const living = restarted(store.connection, 2)
      await living.put({ neurons: after })
      expect(await living.list(epoch)).toStrictEqual(after)
      expect([await points('a'), await points('b')]).toStrictEqual([0, 1])
      await living.put({ neurons: before })
      expect([await points('a'), await points('b')]).toStrictEqual([1, 0])
    },
  )

  it('has what a view fills as soon as the insert that fills it is acknowledged', async () => {
    const { chainSnapshots, minerWeightTraces } = store.repositories
    const validatorHotkey = newHotkey()
    for (let block = 1; block <= 20; block += 1) {
      const trace = buildMinerWeightTrace({ validatorHotkey, hotkey: 'a' })
      await minerWeightTraces.put({ traces: [trace] })
      expect(await minerWeightTraces.listPoints({ ...trace, limit: 100 })).toHaveLength(block)
      await chainSnapshots.put({ neurons: [buildChainNeuron({ netuid: 9, epochBlock: block })] })
      expect(await chainSnapshots.findLatestEpoch({ netuid: 9 })).toBe(block)
    }
  })

  it('sets the days of retention of a table and of those that follow it, and says them', async () => {
    const { connection } = store
    expect(await readRetention(connection, { table: 'miner_weight_traces' })).toBe(365)
    const tables: readonly RetainedTable[] = ['miner_weight_traces', 'miner_performance_stats']
    for (const table of tables) {
      for (const days of [1, 3_650, 45]) {
        await setRetention(connection, { table, days })
        expect(await readRetention(connection, { table })).toBe(days)
      }
    }
    const engines = `SELECT name, extract(engine_full, 'TTL (.*) SETTINGS') FROM system.tables WHERE database = currentDatabase() AND engine_full LIKE '%toIntervalDay(45)%' ORDER BY name`
    const performance = `toDateTime(period_end) + toIntervalDay(45) WHERE period_type != 'all_time'`
    expect((await ask(engines)).split('\n')).toStrictEqual([
      `miner_performance_stats\t${performance}`,
      `miner_performance_task_stats\t${performance}`,
      'miner_weight_trace_points\tat + toIntervalDay(45)',
      'miner_weight_traces\tcreated_at + toIntervalDay(45)',
    ])
  })

  it('says what each table takes up', async () => {
    const { connection, repositories } = store
    const before = await readTableSizes(connection)
    expect(before.map(({ table }) => table)).toStrictEqual(before.map(({ table }) => table).toSorted())
    const { netuid, validatorHotkey } = buildWeightCycle({ cycleId: '5'.repeat(32) })
    await repositories.weightCycles.put({ cycle: buildWeightCycle({ cycleId: '5'.repeat(32) }) })
    const grown = (await readTableSizes(connection)).filter(
      ({ table, rows, bytes }) =>
        rows > (before.find((size) => size.table === table)?.rows ?? 0) && bytes > 0,
    )
    expect(grown.map(({ table }) => table)).toStrictEqual(['weight_cycles'])
    expect(
      await repositories.weightCycles.find({ netuid, validatorHotkey, cycleId: '5'.repeat(32) }),
    ).not.toBeNull()
  })

  it('leaves a table alone whose retention is as it should be', async () => {
    await setRetention(store.connection, { table: 'miner_weight_traces', days: 45 })
    const asked: string[] = []
    const watched: ClickHouseConnection = {
      ...store.connection,
      command: async (statement) => {
        asked.push(statement.sql)
        return store.connection.command(statement)
      },
    }
    await setRetention(watched, { table: 'miner_weight_traces', days: 45 })
    expect(asked).toStrictEqual([])
    await setRetention(watched, { table: 'miner_weight_traces', days: 46 })
    expect(asked).toHaveLength(2)
  })

  it.each([0, -1, 1.5, Number.NaN, 3_651, Number.POSITIVE_INFINITY])('refuses %s days', async (days) => {
    const refused = setRetention(store.connection, { table: 'miner_weight_traces', days })
    await expect(refused).rejects.toMatchObject({
      name: 'InputError',
      field: 'retention of miner_weight_traces',
    })
    await expect(refused).rejects.toThrow(/from 1 to 3650/)
  })

  it('removes traces that ran out and keeps cycles and neurons of any age', async () => {
    const { chainSnapshots, minerWeightTraces, weightCycles } = store.repositories
    await setRetention(store.connection, { table: 'miner_weight_traces', days: 30 })
    const validatorHotkey = newHotkey()
    const now = Number(await ask('SELECT toUnixTimestamp(now())')) * 1_000
    const old = new Date(now - 31 * DAY)
    const young = new Date(now - 29 * DAY)
    const traces = [old, young].map((createdAt) =>
      buildMinerWeightTrace({ validatorHotkey, hotkey: 'a', createdAt }),
    )
    const cycle = buildWeightCycle({ validatorHotkey, createdAt: new Date(0), updatedAt: new Date(0) })
    const neuron = buildChainNeuron({ netuid: 10, observedAt: new Date(0) })
    await minerWeightTraces.put({ traces })
    await weightCycles.put({ cycle })
    await chainSnapshots.put({ neurons: [neuron] })
    await merge('miner_weight_traces', 'miner_weight_trace_points', 'weight_cycles', 'chain_snapshots')
    const points = await minerWeightTraces.listPoints({ netuid: 64, validatorHotkey, hotkey: 'a', limit: 9 })
    expect(points.map(({ at }) => at)).toStrictEqual([young])
    const [gone, kept] = await Promise.all(traces.map(async (trace) => minerWeightTraces.find(trace)))
    expect([gone, kept]).toStrictEqual([null, traces[1]])
    expect(await weightCycles.find(cycle)).toStrictEqual(cycle)
    expect(await chainSnapshots.list(neuron)).toStrictEqual([neuron])
  })

  it('says that the migrations are missing where they are', async () => {
    await using empty = await connectFresh(engine)
    const { weightCycles } = createClickHouseRecordRepositories(empty, { now: () => 0, writerId: 0 })
    await expect(weightCycles.put({ cycle: buildWeightCycle() })).rejects.toMatchObject({
      code: 'missing_schema',
    })
    await expect(weightCycles.findLatest({ netuid: 1, validatorHotkey: 'a' })).rejects.toMatchObject({
      code: 'missing_schema',
    })
    expect(await readRetention(empty, { table: 'miner_weight_traces' })).toBeNull()
    await expect(setRetention(empty, { table: 'miner_weight_traces', days: 1 })).rejects.toMatchObject({
      code: 'missing_schema',
    })
  })

  it.each([
    '\\',
    `'; DROP TABLE weight_cycles; --`,
    `") FORMAT Null`,
    '{cycleId:String}',
    '\u0000',
    randomUUID(),
  ])('refuses %j wherever a name of the chain or an id is asked for', async (hostile) => {
    const { chainSnapshots, minerWeightTraces, weightCycles } = store.repositories
    const scope = { netuid: 64, validatorHotkey: 'a' }
    const cycle = { ...scope, cycleId: newContentId() }
    for (const refused of [
      weightCycles.find({ ...scope, cycleId: hostile }),
      weightCycles.listSummaries({ ...scope, validatorHotkey: hostile, limit: 1 }),
      weightCycles.listSummaries({ ...scope, limit: 1, cursor: hostile }),
      minerWeightTraces.find({ ...cycle, hotkey: hostile }),
      minerWeightTraces.listPoints({ ...scope, hotkey: hostile, limit: 1 }),
      chainSnapshots.listPoints({ netuid: 64, hotkey: hostile, limit: 1 }),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })
})

/** A process that dies before its insert number `survived` + 1 reaches the server. */
function cutAfter(connection: ClickHouseConnection, survived: number): ClickHouseConnection {
  let inserts = 0
  return {
    ...connection,
    insert: async (statement) => {
      if (inserts === survived) throw new Error('killed')
      inserts += 1
      return connection.insert(statement)
    },
  }
}
