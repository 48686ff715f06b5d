import { inject, expect, it } from 'vitest'

import {
  connectClickHouse,
  createClickHouseRecordRepositories,
  createVersionClock,
  insertRows,
  migrate,
  packagedMigrations,
  type ClickHouseConnection,
  type ClickHouseRecordRepositories,
} from '../src/index.ts'
import { chainNeuronRow } from '../src/repositories/chain-snapshot-rows.ts'
import { minerWeightTraceRow } from '../src/repositories/miner-weight-trace-rows.ts'
import { weightCycleRow } from '../src/repositories/weight-cycle-rows.ts'
import { freshDatabase } from '../test/engine.ts'
import { formatTable, interleave } from './interleave.ts'
import {
  benchCycle,
  benchCycleId,
  benchEpoch,
  benchHotkey,
  benchNeurons,
  benchPerformances,
  benchScope,
  benchTraces,
} from './record-fixture.ts'

const MINERS = Number(process.env['BENCH_MINERS'] ?? 256)
const CYCLES = Number(process.env['BENCH_CYCLES'] ?? 1_000)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const READS = 20
const FILLED_AT_ONCE = 25

interface Question {
  readonly name: string
  /** How many rows it must answer. */
  readonly rows: number
  readonly ask: (repositories: ClickHouseRecordRepositories) => Promise<readonly unknown[]>
  /** The floor: the same rows by the same key, which the server reads and throws away. */
  readonly floor: string
}

const middle = Math.floor(CYCLES / 2)
const scopeSql = `netuid = ${benchScope.netuid} AND validator_hotkey = '${benchScope.validatorHotkey}'`
const newestIds = Array.from({ length: Math.min(50, CYCLES) }, (_unused, index) =>
  benchCycleId(CYCLES - 1 - index),
)

const questions: readonly Question[] = [
  {
    name: '`weightCycles.listSummaries`, the first 50',
    rows: newestIds.length,
    ask: async ({ weightCycles }) => (await weightCycles.listSummaries({ ...benchScope, limit: 50 })).items,
    floor: `weight_cycles FINAL WHERE ${scopeSql} AND cycle_id IN ('${newestIds.join(`','`)}')`,
  },
  {
    name: '`weightCycles.findLatest`',
    rows: 1,
    ask: async ({ weightCycles }) => asList(await weightCycles.findLatest(benchScope)),
    floor: `weight_cycles FINAL WHERE ${scopeSql} AND cycle_id = '${benchCycleId(CYCLES - 1)}'`,
  },
  {
    name: '`minerWeightTraces.list` of a cycle',
    rows: MINERS,
    ask: async ({ minerWeightTraces }) =>
      (await minerWeightTraces.list({ ...benchScope, cycleId: benchCycleId(middle), limit: MINERS })).items,
    floor: `miner_weight_traces FINAL WHERE ${scopeSql} AND cycle_id = '${benchCycleId(middle)}'`,
  },
  {
    name: '`minerWeightTraces.listPoints` of a miner',
    rows: CYCLES,
    ask: async ({ minerWeightTraces }) =>
      minerWeightTraces.listPoints({ ...benchScope, hotkey: benchHotkey(5), limit: CYCLES }),
    floor: `miner_weight_trace_points FINAL WHERE ${scopeSql} AND hotkey = '${benchHotkey(5)}'`,
  },
  {
    name: '`chainSnapshots.list` of an epoch',
    rows: MINERS,
    ask: async ({ chainSnapshots }) =>
      chainSnapshots.list({ netuid: benchScope.netuid, epochBlock: benchEpoch(middle) }),
    floor: `chain_snapshots FINAL WHERE netuid = ${benchScope.netuid} AND epoch_block = ${benchEpoch(middle)}`,
  },
  {
    name: '`chainSnapshots.listPoints` of a hotkey',
    rows: CYCLES,
    ask: async ({ chainSnapshots }) =>
      chainSnapshots.listPoints({ netuid: benchScope.netuid, hotkey: benchHotkey(5), limit: CYCLES }),
    floor: `chain_snapshot_points FINAL WHERE netuid = ${benchScope.netuid} AND hotkey = '${benchHotkey(5)}'`,
  },
]

function asList(found: unknown): readonly unknown[] {
  return found === null ? [] : [found]
}

async function drain(connection: ClickHouseConnection, sql: string): Promise<void> {
  for await (const _chunk of connection.read({ sql })) continue
}

it('the record: what a page reads, with cycles of months in the store', async () => {
  const database = await freshDatabase(inject('clickHouseEngines')[0])
  const connection = await connectClickHouse({ url: database.url, database: database.database })
  await migrate(connection, { folder: await packagedMigrations('validator'), now: () => new Date() })
  const repositories = createClickHouseRecordRepositories(connection, { now: () => Date.now(), writerId: 1 })
  const { minerPerformances, minerWeightTraces } = repositories
  const version = createVersionClock({ now: () => Date.now(), writerId: 2 })
  for (let first = 0; first < CYCLES; first += FILLED_AT_ONCE) {
    const numbers = Array.from(
      { length: Math.min(FILLED_AT_ONCE, CYCLES - first) },
      (_, index) => first + index,
    )
    const write = { version }
    await insertRows(
      connection,
      weightCycleRow,
      numbers.map((number) => benchCycle(number, MINERS)),
      write,
    )
    await insertRows(
      connection,
      minerWeightTraceRow,
      numbers.flatMap((number) => benchTraces(number, MINERS)),
      write,
    )
    await insertRows(
      connection,
      chainNeuronRow,
      numbers.flatMap((number) => benchNeurons(number, MINERS)),
      write,
    )
  }
  const lines: string[] = []
  for (const { name, rows, ask, floor } of questions) {
    expect(await ask(repositories)).toHaveLength(rows)
    const [asked, least, idle] = await interleave(
      [
        { name, run: async () => void (await ask(repositories)) },
        { name: 'floor', run: async () => drain(connection, `SELECT * FROM ${floor} FORMAT Null`) },
        { name: 'round trip', run: async () => drain(connection, 'SELECT 1 FORMAT Null') },
      ],
      READS,
    )
    if (asked === undefined || least === undefined || idle === undefined) continue
    const median = `${asked.median.toFixed(1)} (${asked.min.toFixed(1)}–${asked.max.toFixed(1)})`
    const ratio = (asked.median / least.median).toFixed(2)
    lines.push(
      `| ${name} | ${rows} | ${median} | ${least.median.toFixed(1)} | ${idle.median.toFixed(1)} | ${ratio} |`,
    )
  }
  const head = `Reads with ${MINERS} miners × ${CYCLES} cycles in the store\n\n| Question | rows | ms, median (min–max) | floor | SELECT 1 | ÷ floor |\n|---|---|---|---|---|---|`
  process.stdout.write(`\n${head}\n${lines.join('\n')}\n\n`)

  const cycles = Math.min(100, CYCLES)
  const traces = Array.from({ length: cycles }, (_unused, number) => benchTraces(number, MINERS)).flat()
  const performances = benchPerformances(Math.ceil(traces.length / 10))
  const copy = async (table: string): Promise<void> => {
    await connection.command({ sql: `CREATE TABLE ${table}_source AS ${table} ENGINE = Memory` })
    await connection.command({
      sql: `INSERT INTO ${table}_source SELECT * FROM ${table} LIMIT ${traces.length}`,
    })
  }
  await copy('miner_weight_traces')
  await minerPerformances.put({ performances })
  await copy('miner_performance_stats')
  const written = await interleave(
    [
      {
        name: '`minerWeightTraces.put`, every trace checked',
        run: async () => void (await minerWeightTraces.put({ traces })),
      },
      {
        name: '`minerPerformances.put` of a tenth as many, each with three tasks',
        run: async () => void (await minerPerformances.put({ performances })),
      },
      ...['miner_weight_traces', 'miner_performance_stats'].map((table) => ({
        name: `ceiling: INSERT SELECT of the same rows of \`${table}\``,
        run: async () =>
          void (await connection.command({ sql: `INSERT INTO ${table} SELECT * FROM ${table}_source` })),
      })),
    ],
    ROUNDS,
  )
  process.stdout.write(`${formatTable('Write', traces.length, written)}\n\n`)
  await connection.close()
  await database.close()
})
