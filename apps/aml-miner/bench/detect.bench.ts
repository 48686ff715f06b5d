import type { DetectionInput } from '../src/detection/detection-input.ts'
import { detect } from '../src/detection/detect.ts'

const DAY_MS = 86_400_000
const WINDOW_DAYS = 30
const SIZES = [100_000, 1_000_000] as const
const RUNS = 3
const HUBS = 24

/** Whole numbers that look nothing like each other, the same in every run. */
function scattered(seed: number): number {
  let mixed = Math.imul(seed + 1, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/**
 * Ten transfers per address: a fifth with one of a few hubs, half along relations that come back, a tenth handing on at
 * once what came in, the rest by chance. Sums spread over four orders of magnitude.
 */
function window(transfers: number): DetectionInput {
  const people = Math.floor(transfers / 10)
  const endMs = Date.UTC(2025, 7, 1)
  const startMs = endMs - WINDOW_DAYS * DAY_MS
  const rows: { from: number; to: number; ms: number; cents: number }[] = []
  for (let k = 0; rows.length < transfers; k++) {
    const draw = scattered(k * 5) % 10
    const from = HUBS + (scattered(k * 5 + 1) % (people - HUBS))
    const other = HUBS + (scattered(k * 5 + 2) % (people - HUBS))
    const to =
      draw < 2 ? scattered(k * 5 + 2) % HUBS : draw < 7 ? HUBS + ((from + (k % 3)) % (people - HUBS)) : other
    if (from === to) continue
    const ms =
      startMs + Math.floor(((scattered(k * 5 + 3) % 1_000_000) / 1_000_000) * (WINDOW_DAYS - 1) * DAY_MS)
    const cents = Math.floor(100 * 10 ** ((scattered(k * 5 + 4) % 40_000) / 10_000))
    rows.push({ from, to, ms, cents })
    if (draw === 9) {
      const next = HUBS + (scattered(k * 5 + 6) % (people - HUBS))
      if (next !== to) rows.push({ from: to, to: next, ms: ms + 7_200_000, cents: Math.floor(cents * 0.97) })
    }
  }
  rows.length = transfers
  rows.sort((a, b) => a.ms - b.ms || a.from - b.from || a.to - b.to || a.cents - b.cents)
  return {
    window: { network: 'torus', startMs, endMs, windowDays: WINDOW_DAYS, processingDate: '2025-08-01' },
    transfers: {
      addresses: Array.from({ length: people }, (_, id) => `a${String(id).padStart(8, '0')}`),
      from: Uint32Array.from(rows, ({ from }) => from),
      to: Uint32Array.from(rows, ({ to }) => to),
      timestampMs: Float64Array.from(rows, ({ ms }) => ms),
      amountMicroUsd: BigInt64Array.from(rows, ({ cents }) => BigInt(cents) * 10_000n),
    },
  }
}

/** The longest that the event loop had to wait while the work ran, in ms. */
function watchTurns(): () => number {
  let last = performance.now()
  let longest = 0
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  return () => {
    clearInterval(timer)
    return Math.max(longest, performance.now() - last)
  }
}

await detect(window(SIZES[0]))
const perHundredThousand: number[] = []
for (const size of SIZES) {
  const input = window(size)
  let fastest = Number.POSITIVE_INFINITY
  let longestWait = Number.POSITIVE_INFINITY
  let alerts = 0
  for (let run = 0; run < RUNS; run++) {
    const waited = watchTurns()
    const start = performance.now()
    const result = await detect(input)
    fastest = Math.min(fastest, performance.now() - start)
    longestWait = Math.min(longestWait, waited())
    alerts = result.alerts.length
  }
  const cost = (fastest * 100_000) / size
  perHundredThousand.push(cost)
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    `${size} transfers: ${fastest.toFixed(0)} ms, ${cost.toFixed(0)} ms per 100,000, ${alerts} alerts, longest wait for a turn ${longestWait.toFixed(0)} ms, peak ${peakMb} MB\n`,
  )
}
const [small = 1, large = 1] = perHundredThousand
process.stdout.write(`time per transfer, large to small: ${(large / small).toFixed(2)}\n`)
