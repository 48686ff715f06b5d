import { computeWeights } from '../src/weights/compute-weights.ts'
import { minerColumns } from '../src/weights/miner-columns.ts'
import { pathwaysPreset } from '../src/weights/pathways-presets.ts'

// Weights of N miners × 3 tasks against sorting the same three arrays, round by round in one process.

const sizes: readonly (readonly [miners: number, rounds: number])[] = process.argv.includes('--small')
  ? [[256, 20]]
  : [
      [256, 2_000],
      [10_000, 60],
      [100_000, 15],
      [1_000_000, 5],
    ]
const parameters = pathwaysPreset('plan-era')
const SEED = 12_345
const ABSENT = 0.15
const ZERO = 0.2

let state = SEED
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31
  return state / 2 ** 31
}

function scoreColumn(size: number): Float64Array {
  return Float64Array.from({ length: size }, () => {
    const kind = random()
    if (kind < ABSENT) return Number.NaN
    return kind < ZERO ? 0 : random() * 0.999 + random() * 0.001
  })
}

console.log(
  '| Miners | sorting 3 arrays, ms | weights, ms | ÷ sorting | with trace, ms | ÷ without | listing miners, ms |',
)
console.log('|---|---|---|---|---|---|---|')
for (const [size, rounds] of sizes) {
  const listed = Array.from({ length: size }, (_, uid) => ({
    uid,
    hotkey: `miner${uid}`,
    coldkey: `cold${uid >> 1}`,
  }))
  const scores = new Map(parameters.tasks.map(({ name }) => [name, scoreColumn(size)]))
  const miners = minerColumns(listed)
  const contenders = [
    () => {
      for (const column of scores.values()) column.slice().sort()
    },
    () => computeWeights({ miners, scores, parameters }),
    () => computeWeights({ miners, scores, parameters, trace: true }),
    () => minerColumns(listed),
  ]
  const times = contenders.map((): number[] => [])
  for (let round = -Math.ceil(rounds / 5); round < rounds; round += 1) {
    for (const [at, run] of contenders.entries()) {
      if (size >= 100_000) globalThis.gc?.()
      const started = performance.now()
      run()
      if (round >= 0) times[at]?.push(performance.now() - started)
    }
  }
  const sorted = times.map((list) => list.toSorted((a, b) => a - b))
  const shown = sorted.map(
    (list) => `${middle(list).toFixed(3)} (${(list[0] ?? 0).toFixed(3)}–${(list.at(-1) ?? 0).toFixed(3)})`,
  )
  const [sort, plain, traced] = sorted.map(middle)
  console.log(
    `| ${size} | ${shown[0]} | ${shown[1]} | ${((plain ?? 0) / (sort ?? 1)).toFixed(2)} | ${shown[2]} | ` +
      `${((traced ?? 0) / (plain ?? 1)).toFixed(2)} | ${shown[3]} |`,
  )
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
