import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type Participant, rankParticipants } from './rank-participants.ts'
import { weightShares } from './weight-shares.ts'

function miner(
  hotkey: string,
  finalScore: number,
  change: { accuracy?: number; seconds?: number; order?: number; kind?: Participant['kind'] } = {},
): Participant {
  return {
    hotkey,
    kind: change.kind ?? 'miner',
    registrationOrder: change.order ?? hotkey.charCodeAt(0),
    score: {
      finalScore,
      components: [{ name: 'accuracy', weight: 50, score: change.accuracy ?? 0.5 }],
      averageExecutionTimeSeconds: change.seconds ?? 60,
    },
  }
}

function baseline(finalScore: number): Participant {
  return miner('baseline', finalScore, { kind: 'baseline', order: 0, accuracy: 0 })
}

function order(...participants: Participant[]): string[] {
  return rankParticipants(participants).places.map(({ hotkey }) => hotkey)
}

describe('ranks', () => {
  it('go by final score, then accuracy, then time, then registration', () => {
    expect(order(miner('a', 0.5), miner('b', 0.6))).toEqual(['b', 'a'])
    expect(order(miner('a', 0.5), miner('b', 0.5, { accuracy: 0.6 }))).toEqual(['b', 'a'])
    expect(order(miner('a', 0.5), miner('b', 0.5, { seconds: 59 }))).toEqual(['b', 'a'])
    expect(order(miner('b', 0.5), miner('a', 0.5))).toEqual(['a', 'b'])
  })

  it('put the baseline before its equals, and name no winner then', () => {
    const ranking = rankParticipants([miner('a', 0.5, { accuracy: 1 }), baseline(0.5)])
    expect(ranking.winner).toBeNull()
    expect(ranking.places).toMatchObject([
      { hotkey: 'baseline', rank: 1, isWinner: false, isBaselineBeaten: false, beaten: 0 },
      { hotkey: 'a', rank: 2, isWinner: false, isBaselineBeaten: false, beaten: 0 },
    ])
  })

  it('name the miner who beat the baseline, and whom each has beaten', () => {
    const ranking = rankParticipants([miner('a', 0.2), baseline(0.5), miner('b', 0.7), miner('c', 0.7)])
    expect(ranking.winner).toBe('b')
    expect(ranking.places).toMatchObject([
      { hotkey: 'b', isWinner: true, isBaselineBeaten: true, beaten: 2 },
      { hotkey: 'c', isWinner: false, isBaselineBeaten: true, beaten: 2 },
      { hotkey: 'baseline', beaten: 1 },
      { hotkey: 'a', isBaselineBeaten: false, beaten: 0 },
    ])
  })

  it('name nobody who earned nothing, with a baseline or without', () => {
    expect(rankParticipants([miner('a', 0), miner('b', 0)]).winner).toBeNull()
    expect(rankParticipants([baseline(0), miner('a', 0)]).winner).toBeNull()
    expect(rankParticipants([])).toEqual({ places: [], winner: null })
    expect(rankParticipants([miner('a', 1e-9)]).winner).toBe('a')
  })

  it('do not depend on the order of participants', () => {
    const participants = fc
      .array(fc.tuple(fc.nat(3), fc.nat(2), fc.nat(2)), { maxLength: 8 })
      .map((rows) =>
        rows.map(([final, accuracy, seconds], nth) =>
          miner(String.fromCodePoint(97 + nth), final / 3, { accuracy: accuracy / 2, seconds }),
        ),
      )
    const shuffled = participants.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(rankParticipants(other)).toEqual(rankParticipants(list))
      }),
    )
  })

  it.each([
    ['hotkey: "a"', [miner('a', 0), miner('a', 1, { order: 1 })]],
    ['registrationOrder: 5', [miner('a', 0, { order: 5 }), miner('b', 0, { order: 5 })]],
    ['baseline', [baseline(0), miner('b', 0, { kind: 'baseline', order: 3 })]],
  ])('refuse %s twice', (what, participants) => {
    expect(() => rankParticipants(participants)).toThrow(`participants: ${what}`)
  })
})

describe('shares', () => {
  it('are of the sum, and 0 where there is none', () => {
    expect(weightShares([0.5, 0.25, 0.25, 0])).toEqual([0.5, 0.25, 0.25, 0])
    expect(weightShares([1, 1, 1])).toEqual([0.333_333_333, 0.333_333_333, 0.333_333_333])
    expect(weightShares([0, 0])).toEqual([0, 0])
    expect(() => weightShares([0.5, 1.5])).toThrow(/final score: 1.5 is not in/)
  })
})
