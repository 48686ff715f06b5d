import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { DEFAULT_EPOCH_PARAMETERS, type EpochParameters } from './epoch-parameters.ts'
import { ONE, sumOf } from './fixed-point.ts'
import { runEpoch, type EpochResult } from './run-epoch.ts'
import { EMPTY_ROW, type SubnetState, type U16Row } from './subnet-state.ts'

const BLOCK = 10_000
const TOLERANCE = 1e-6 * ONE

interface Drawn {
  readonly state: SubnetState
  readonly weights: readonly U16Row[]
}

/** A subnet whose stakes all differ, so that no order decides who has a permit. */
const drawnSubnet = fc
  .array(
    fc.record({
      stake: fc.integer({ min: 0, max: 1_000 }),
      hasPermit: fc.boolean(),
      isOld: fc.boolean(),
      weights: fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 9, maxLength: 9 }),
      bonds: fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 9, maxLength: 9 }),
    }),
    { minLength: 2, maxLength: 9 },
  )
  .map((neurons): Drawn => {
    const toRow = (values: readonly number[]): U16Row => ({
      uids: neurons.map((_neuron, uid) => uid),
      values: values.slice(0, neurons.length),
    })
    return {
      state: {
        ownerUid: null,
        neurons: neurons.map(({ stake, hasPermit, isOld }, uid) => ({
          stake: BigInt(stake) * 1_000n + BigInt(uid + 1),
          hasPermit,
          lastUpdate: isOld ? 100 : BLOCK - 1,
          registeredAt: 0,
          commitBlock: null,
        })),
        bonds: neurons.map(({ bonds, hasPermit }) => (hasPermit ? toRow(bonds) : EMPTY_ROW)),
      },
      weights: neurons.map(({ weights }) => toRow(weights)),
    }
  })

const versions: readonly (readonly [string, EpochParameters])[] = [
  ['Yuma 2', { ...DEFAULT_EPOCH_PARAMETERS, maxValidators: 4 }],
  ['Yuma 3', { ...DEFAULT_EPOCH_PARAMETERS, maxValidators: 4, yuma: 3, bondsPenalty: 20_000 }],
  [
    'Yuma 3 with liquid alpha',
    {
      ...DEFAULT_EPOCH_PARAMETERS,
      maxValidators: 4,
      yuma: 3,
      bondsPenalty: 0,
      liquidAlpha: { low: 6_553, high: 19_660, steepness: 1_000 },
    },
  ],
]

const NAMES = ['incentive', 'dividends', 'consensus', 'validatorTrust'] as const

function permuteRow(row: U16Row, to: readonly number[]): U16Row {
  const pairs = row.uids.map((uid, at): [number, number] => [to[uid] ?? 0, row.values[at] ?? 0])
  const ascending = pairs.toSorted(([a], [b]) => a - b)
  return { uids: ascending.map(([uid]) => uid), values: ascending.map(([, value]) => value) }
}

function permute({ state, weights }: Drawn, to: readonly number[]): Drawn {
  const place = <Entry>(entries: readonly Entry[]): Entry[] => {
    const placed = [...entries]
    for (const [uid, entry] of entries.entries()) placed[to[uid] ?? 0] = entry
    return placed
  }
  return {
    state: {
      ...state,
      neurons: place(state.neurons),
      bonds: place(state.bonds.map((row) => permuteRow(row, to))),
    },
    weights: place(weights.map((row) => permuteRow(row, to))),
  }
}

function expectSame(found: EpochResult, wanted: EpochResult, to: readonly number[]): void {
  for (const name of NAMES) {
    for (const [uid, value] of wanted.shares[name].entries()) {
      const other = found.shares[name][to[uid] ?? 0] ?? Number.NaN
      expect(Math.abs(other - value), `${name} of uid ${uid}`).toBeLessThanOrEqual(TOLERANCE)
    }
  }
}

const permits = ({ next }: EpochResult): boolean[] => next.neurons.map(({ hasPermit }) => hasPermit)

describe.each(versions)('%s', (_name, parameters) => {
  const run = ({ state, weights }: Drawn): EpochResult => runEpoch(state, parameters, weights, BLOCK)

  it('gives the same to each neuron, wherever it stands', () => {
    const keys = fc.array(fc.nat(), { minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(drawnSubnet, keys, (drawn, sortKeys) => {
        const uids = drawn.state.neurons.map((_neuron, uid) => uid)
        const order = uids.toSorted((a, b) => (sortKeys[a] ?? 0) - (sortKeys[b] ?? 0))
        const to = uids.map((uid) => order.indexOf(uid))
        const found = run(permute(drawn, to))
        const wanted = run(drawn)
        expectSame(found, wanted, to)
        expect(uids.map((uid) => permits(found)[to[uid] ?? 0])).toEqual(permits(wanted))
      }),
      { numRuns: 80 },
    )
  })

  it('does not depend on the unit of stake', () => {
    fc.assert(
      fc.property(drawnSubnet, fc.bigInt({ min: 2n, max: 10n ** 12n }), (drawn, factor) => {
        const neurons = drawn.state.neurons.map((neuron) => ({ ...neuron, stake: neuron.stake * factor }))
        const found = run({ ...drawn, state: { ...drawn.state, neurons } })
        const wanted = run(drawn)
        expectSame(
          found,
          wanted,
          neurons.map((_neuron, uid) => uid),
        )
        expect(permits(found)).toEqual(permits(wanted))
      }),
      { numRuns: 80 },
    )
  })

  it('never pays less than nothing, and shares out all or nothing', () => {
    fc.assert(
      fc.property(drawnSubnet, (drawn) => {
        const { shares, emission } = run(drawn)
        for (const name of ['incentive', 'dividends'] as const) {
          expect(Math.min(...shares[name])).toBeGreaterThanOrEqual(0)
          const sum = sumOf(shares[name]) / ONE
          expect(sum === 0 ? 1 : sum).toBeCloseTo(1, 7)
          expect(sum).toBeLessThanOrEqual(1)
        }
        const paid = [...emission.miners, ...emission.validators].reduce((sum, rao) => sum + rao, 0n)
        expect(paid).toBeLessThanOrEqual(parameters.emission)
      }),
      { numRuns: 80 },
    )
  })
})
