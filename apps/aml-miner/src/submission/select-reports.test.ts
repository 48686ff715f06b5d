import type { TransferColumns } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import type { DetectedPattern } from '../detection/detection-result.ts'
import { selectReports } from './select-reports.ts'

const HOUR_MS = 3_600_000

type Step = readonly [from: string, to: string, usd: number, hour: number]

function columnsOf(steps: readonly Step[]): TransferColumns {
  const addresses = [...new Set(steps.flatMap(([from, to]) => [from, to]))].sort()
  return {
    addresses,
    from: Uint32Array.from(steps, ([from]) => addresses.indexOf(from)),
    to: Uint32Array.from(steps, ([, to]) => addresses.indexOf(to)),
    amountMicroUsd: BigInt64Array.from(steps, ([, , usd]) => BigInt(Math.round(usd * 1e6))),
    timestampMs: Float64Array.from(steps, ([, , , hour]) => hour * HOUR_MS),
  }
}

function finding(
  typologyType: DetectedPattern['typologyType'],
  members: readonly string[],
  change: Partial<DetectedPattern> & { readonly confidence?: number } = {},
): DetectedPattern {
  const { confidence = 0.9, ...rest } = change
  return {
    patternId: `${typologyType} of ${members.join(' ')}`,
    patternType: 'cycle',
    typologyType,
    detectionMethod: 'a test',
    members: members.map((address, nth) => ({ address, role: nth === 0 ? 'source' : 'hop', confidence })),
    expectedByChance: 1e-8,
    transferRows: [0, 1, 2],
    volumeMicroUsd: 0n,
    firstMs: 0,
    lastMs: 0,
    ...rest,
  }
}

const ring = (sums: readonly number[], round = 0): readonly Step[] =>
  sums.map((usd, nth) => ['abc'[nth] ?? '', 'bca'[nth] ?? '', usd, 10 * round + nth] as const)

const typesOf = (patterns: readonly DetectedPattern[], steps: readonly Step[]): readonly string[] =>
  selectReports({ patterns }, columnsOf(steps)).map(({ pattern_type }) => pattern_type)

describe('a ring of payments', () => {
  const cycle = [finding('CYCLE_DETECTION', ['a', 'b', 'c'])]

  it('is a cycle when fees were lost on the way', () => {
    expect(typesOf(cycle, ring([100, 98, 96]))).toEqual(['cycle'])
  })

  it('is left out when all of it came back, or hardly anything', () => {
    expect(typesOf(cycle, ring([100, 100, 100]))).toEqual([])
    expect(typesOf(cycle, ring([100, 80, 60]))).toEqual([])
  })

  it('is left out when the same people pay each other otherwise', () => {
    expect(typesOf(cycle, [...ring([100, 98, 96]), ['a', 'b', 5, 90]])).toEqual([])
  })

  it('is a cycle in two rounds, and trade with oneself from the third on', () => {
    const rounds = [0, 1, 2].map((round) => ring([100, 100, 100], round))
    expect(typesOf(cycle, rounds.slice(0, 2).flat())).toEqual(['cycle'])
    expect(typesOf(cycle, rounds.flat())).toEqual(['wash_trading'])
  })

  it('is a cycle whatever the prices did, when chance cannot make it', () => {
    const sure = [finding('CYCLE_DETECTION', ['a', 'b', 'c'], { expectedByChance: 1e-12 })]
    expect(typesOf(sure, ring([100, 101, 100]))).toEqual(['cycle'])
  })
})

describe('other findings', () => {
  const line: readonly Step[] = [
    ['a', 'b', 100, 0],
    ['b', 'c', 98, 1],
    ['c', 'd', 96, 2],
  ]

  it('are a path only when it is surprising and no habit', () => {
    const path = [finding('LAYERING_PATH', ['a', 'b', 'c', 'd'])]
    expect(typesOf(path, line)).toEqual(['layering_path'])
    expect(typesOf(path, [...line, ['b', 'c', 7, 50]])).toEqual([])
    const weak = [finding('LAYERING_PATH', ['a', 'b', 'c', 'd'], { expectedByChance: 1e-4 })]
    expect(typesOf(weak, line)).toEqual([])
  })

  it('are a burst within minutes, and smurfing over hours', () => {
    const spread = (hours: number): readonly Step[] => [
      ['a', 'b', 100, 0],
      ['a', 'c', 100, hours],
      ['b', 'd', 99, 20],
      ['c', 'd', 99, 21],
    ]
    const mules = [finding('SMURFING_NETWORK', ['a', 'b', 'c', 'd'], { transferRows: [0, 1, 2, 3] })]
    expect(typesOf(mules, spread(0.5))).toEqual(['temporal_burst'])
    expect(typesOf(mules, spread(5))).toEqual(['smurfing_network'])
  })

  it('of one address, or of no kind that is paid, are left out', () => {
    expect(typesOf([finding('VELOCITY_ANOMALY', ['a'])], line)).toEqual([])
    expect(typesOf([finding('PROXIMITY_RISK', ['a', 'b'])], line)).toEqual([])
    expect(typesOf([finding('MOTIF_FANIN', ['a'])], line)).toEqual([])
  })
})

it('reports an account once, in the surest finding about it, surest first', () => {
  const steps: readonly Step[] = [
    ['a', 'b', 1, 0],
    ['c', 'd', 1, 1],
    ['e', 'f', 1, 2],
  ]
  const reports = selectReports(
    {
      patterns: [
        finding('MOTIF_FANIN', ['a', 'b'], { confidence: 0.5 }),
        finding('MOTIF_FANOUT', ['b', 'c'], { confidence: 0.8 }),
        finding('PEEL_CHAIN', ['c', 'd'], { confidence: 0.7 }),
        finding('STRUCTURING', ['e', 'f'], { confidence: 0.9 }),
      ],
    },
    columnsOf(steps),
  )
  expect(reports.map(({ addresses, confidence }) => [addresses.join(''), confidence])).toEqual([
    ['ef', 0.9],
    ['bc', 0.8],
  ])
})
