import { DEFAULT_EPOCH_PARAMETERS, type EpochParameters } from '../src/yuma/epoch-parameters.ts'
import { runEpoch } from '../src/yuma/run-epoch.ts'
import type { SubnetState, U16Row } from '../src/yuma/subnet-state.ts'

// One epoch in fixed point against plain double loops over the same weights with as many multiply-adds, interleaved in
// one run, so that both see the same machine. Every uid is a validator that weighs every other: the worst case.

const ROUNDS = process.argv.includes('--small') ? 3 : 9
const BLOCK = 10_000
/** Yuma 2 multiplies each cell once for both ranks, for new bonds and for dividends, and twice for the moving average. */
const MULTIPLY_ADDS = 6

const SIZES = [256, 1_024]

const LIQUID = { low: 6_553, high: 19_660, steepness: 1_000 }

const VERSIONS: readonly (readonly [string, Partial<EpochParameters>])[] = [
  ['Yuma 2', {}],
  ['Yuma 3', { yuma: 3, bondsPenalty: 0 }],
  ['Yuma 3, liquid alpha', { yuma: 3, bondsPenalty: 0, liquidAlpha: LIQUID }],
]

/** A fixed sequence, so that each run measures the same numbers. */
function createSequence(): () => number {
  let state = 12_345
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return state / 0x80_00_00_00
  }
}

function drawSubnet(size: number): { state: SubnetState; weights: U16Row[] } {
  const next = createSequence()
  const uids = Array.from({ length: size }, (_none, uid) => uid)
  const drawRow = (): U16Row => ({ uids, values: uids.map(() => Math.floor(next() * 65_536)) })
  const neurons = uids.map(() => ({
    stake: BigInt(Math.floor(next() * 1e12)) + 1n,
    hasPermit: true,
    lastUpdate: BLOCK - 1,
    registeredAt: 0,
    commitBlock: null,
  }))
  const weights = uids.map(drawRow)
  return { state: { neurons, ownerUid: null, bonds: uids.map(drawRow) }, weights }
}

function plainLoops(weights: readonly Float64Array[], stake: Float64Array): number {
  const size = stake.length
  const sums = new Float64Array(size)
  for (let pass = 0; pass < MULTIPLY_ADDS; pass += 1) {
    for (let i = 0; i < size; i += 1) {
      const row = weights[i] ?? sums
      const share = stake[i] ?? 0
      for (let j = 0; j < size; j += 1) sums[j] = (sums[j] ?? 0) + (row[j] ?? 0) * share
    }
  }
  return sums[0] ?? 0
}

function milliseconds(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const lines: string[][] = [['size', 'rule', 'epoch, ms', 'least', 'plain loops, ms', 'ratio']]
for (const size of SIZES) {
  const { state, weights } = drawSubnet(size)
  const doubles = weights.map(({ values }) => Float64Array.from(values, (value) => value / 65_535))
  const stake = Float64Array.from(state.neurons, () => 1 / size)
  for (const [name, given] of VERSIONS) {
    const parameters = { ...DEFAULT_EPOCH_PARAMETERS, maxValidators: size, ...given }
    const epochs: number[] = []
    const floors: number[] = []
    runEpoch(state, parameters, weights, BLOCK)
    plainLoops(doubles, stake)
    for (let round = 0; round < ROUNDS; round += 1) {
      epochs.push(milliseconds(() => runEpoch(state, parameters, weights, BLOCK)))
      floors.push(milliseconds(() => plainLoops(doubles, stake)))
    }
    const [epoch, floor] = [median(epochs), median(floors)]
    lines.push([
      `${size} × ${size}`,
      name,
      epoch.toFixed(1),
      Math.min(...epochs).toFixed(1),
      floor.toFixed(2),
      (epoch / floor).toFixed(1),
    ])
  }
}
process.stdout.write(`${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`)
