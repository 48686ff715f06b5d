import { setTimeout as sleep } from 'node:timers/promises'

import { periodOf } from '../src/performance/period-of.ts'
import { recordScope, startApi } from '../test/fixtures/api-under-test.ts'
import { fillRecordUntilNow } from '../test/fixtures/filled-record.ts'

// Server time of each page with 256 miners × 1,000 cycles in the store, against the plainest read of the rows that it
// shows, round by round in one process. The clock is moved on so that nothing kept for a minute is left.

const isSmall = process.argv.includes('--small')
const size = isSmall ? { miners: 32, cycles: 40 } : { miners: 256, cycles: 1_000 }
const ROUNDS = isSmall ? 5 : 30
/** Longer than a leaderboard is kept. */
const LATER_MS = 61_000

await using api = await startApi()
await using record = await api.openRecord()
const started = performance.now()
const newest = await fillRecordUntilNow(api, record, size)
const filledMs = performance.now() - started
const shown = newest[1]
if (shown === undefined) throw new RangeError('the record has too few cycles')
const { cycleId } = shown.cycle
const hotkey = shown.traces[0]?.hotkey ?? ''
const { chainSnapshots, minerPerformances, minerWeightTraces, weightCycles } = record.repositories
const { netuid } = recordScope

const address = await api.serve({ readsPerMinute: 1_000_000 }, { open: async () => api.openRecord() })
while ((await fetch(`${address}/v1/cycles`)).status === 503) await sleep(20)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

async function view(path: string): Promise<void> {
  const reply = await fetch(`${address}${path}`)
  await reply.text()
  if (!reply.ok) throw new RangeError(`${path} answered ${reply.status}`)
}

const pages: readonly Readonly<{ name: string; path: string; floor: () => Promise<unknown> }>[] = [
  {
    name: 'leaderboard',
    path: '/',
    floor: async () =>
      Promise.all([
        minerWeightTraces.list({ ...recordScope, cycleId, limit: 10_000 }),
        minerPerformances.list({ ...recordScope, period: periodOf('all_time', api.now()), limit: 10_000 }),
      ]),
  },
  {
    name: 'a miner',
    path: `/miners/${hotkey}`,
    floor: async () =>
      Promise.all([
        minerWeightTraces.listPoints({ ...recordScope, hotkey, limit: 1_000 }),
        chainSnapshots.listPoints({ netuid, hotkey, limit: 1_000 }),
      ]),
  },
  {
    name: 'cycles, the first 50',
    path: '/cycles',
    floor: async () => weightCycles.listSummaries({ ...recordScope, limit: 50 }),
  },
  {
    name: 'a cycle',
    path: `/cycles/${cycleId}`,
    floor: async () => weightCycles.find({ ...recordScope, cycleId }),
  },
]

console.log(`${size.miners} miners × ${size.cycles} cycles, filled in ${(filledMs / 1_000).toFixed(1)} s\n`)
console.log(
  '| Page | first, ms | again, ms | its processor time, ms | after a minute, ms | the rows alone, ms | again ÷ rows |',
)
console.log('|---|---|---|---|---|---|---|')
for (const { name, path, floor } of pages) {
  const first = await timed(async () => view(path))
  const again: number[] = []
  const later: number[] = []
  const rows: number[] = []
  let processorMs = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage()
    again.push(await timed(async () => view(path)))
    const { system, user } = process.cpuUsage(before)
    processorMs += (system + user) / 1_000
    rows.push(await timed(floor))
    api.advance(LATER_MS)
    later.push(await timed(async () => view(path)))
  }
  const ratio = middle(again) / middle(rows)
  console.log(
    `| ${name} | ${first.toFixed(1)} | ${range(again)} | ${(processorMs / ROUNDS).toFixed(1)} | ${range(later)} | ${range(rows)} | ${ratio.toFixed(2)} |`,
  )
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}

function range(times: readonly number[]): string {
  return `${middle(times).toFixed(1)} (${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)})`
}
