import { epochRules } from '../src/scoring/epoch-rules.ts'
import type { PatternValidation } from '../src/validation/pattern-judge.ts'
import { readReportLines } from '../src/validation/read-report-lines.ts'
import { TransferIndex } from '../src/validation/transfer-index.ts'
import { validatePatterns } from '../src/validation/validate-patterns.ts'
import { benchWorld, hostileReports, plausibleReports, toChunks } from './reported-input.ts'

const reports = Number(process.argv[2] ?? '1000000')
const transfers = process.argv[3] ?? '100000'
const ROUNDS = 2

/** Seconds of processor time, user and system, and what the work gave. */
async function timed<Result>(work: () => Result | Promise<Result>): Promise<[number, Result]> {
  const begin = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(begin)
  return [(user + system) / 1_000_000, result]
}

async function best<Result>(work: () => Result | Promise<Result>): Promise<[number, Result]> {
  let found = await timed(work)
  for (let round = 1; round < ROUNDS; round++) {
    const next = await timed(work)
    if (next[0] < found[0]) found = next
  }
  return found
}

/** The floor: the same bytes cut into lines, parsed, and their addresses counted. */
function plainScan(chunks: readonly Buffer[]): number {
  let addresses = 0
  for (const chunk of chunks) {
    for (const line of chunk.toString('utf8').split('\n')) {
      if (line === '') continue
      const row: unknown = JSON.parse(line)
      if (typeof row !== 'object' || row === null || !('addresses' in row)) continue
      addresses += Array.isArray(row.addresses) ? row.addresses.length : 0
    }
  }
  return addresses
}

/** Bytes in use after a collection, on the heap and beside it. */
function bytesInUse(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function say(name: string, seconds: number, rows: number, more = ''): void {
  const rate = Math.round(rows / seconds).toLocaleString('en-US')
  console.log(`${name.padEnd(30)} ${seconds.toFixed(2)} s, ${rate} rows/s${more}`)
}

const world = benchWorld(transfers)
const index = new TransferIndex(world.seen)
const before = bytesInUse()
const [indexing, second] = await timed(() => new TransferIndex(world.seen))
console.log(`processor time, best of ${ROUNDS}, Node ${process.version}`)
const mib = ((bytesInUse() - before) / 1_048_576).toFixed(1)
say('index of the snapshot', indexing, world.seen.length, `, ${mib} MiB for ${second.accounts} accounts`)

for (const [name, rows] of [
  ['plausible', plausibleReports(world, reports)],
  ['hostile', hostileReports(world, Math.floor(reports / 4))],
] as const) {
  const chunks = toChunks(rows)
  const size = (chunks.reduce((sum, chunk) => sum + chunk.length, 0) / 1_048_576).toFixed(0)
  const judgement = { transfers: index, patterns: world.truth.patterns, tracing: 'connected' } as const
  const [floor] = await best(() => plainScan(chunks))
  await validatePatterns(readReportLines(chunks.slice(0, 1)), judgement)
  const used = bytesInUse()
  const [seconds, validation] = await best(() => validatePatterns(readReportLines(chunks), judgement))
  const kept = ((bytesInUse() - used) / 1_048_576).toFixed(1)
  say(`${name}: plain parse, ${size} MiB`, floor, validation.reported)
  say(`${name}: validation`, seconds, validation.reported, `, ${(seconds / floor).toFixed(2)} × the floor`)
  const given = Object.entries(validation.verdicts).filter(([, count]) => count > 0)
  console.log(`  ${given.map(([verdict, count]) => `${verdict} ${count}`).join(', ')}; ${kept} MiB kept`)
  await scoreYear(validation)
}
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB, the input among it`)

/** Scores a year of runs that each ended so. */
async function scoreYear(outcome: PatternValidation): Promise<void> {
  const days = Array.from({ length: 365 }, (_, day) =>
    new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
  )
  const expected = days.map((testDate) => ({ testDate, network: 'torus', windowDays: 30 }))
  const runs = expected.map((key) => ({ ...key, status: 'completed' as const, executionMs: 60_000, outcome }))
  const input = { expected, runs, baselineTimes: [], timeLimitMs: 3_600_000 }
  const [seconds, score] = await timed(() => epochRules.score(input))
  console.log(`  365 such runs are scored in ${(seconds * 1_000).toFixed(1)} ms: ${score.finalScore}`)
}
