import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { outputLimits } from './output-limits.ts'
import { ScoreJudge, type ScoreValidation } from './score-judge.ts'
import { TransferIndex } from './transfer-index.ts'

const addresses = [...'abcdefghij']
const snapshot = new TransferIndex(
  addresses.map((from, nth) => ({ txId: `tx-${nth}`, from, to: addresses[(nth + 1) % 10] ?? 'a' })),
)

function judge(rows: readonly unknown[], culprits = 'ab', limits = outputLimits): ScoreValidation {
  const judging = new ScoreJudge({ transfers: snapshot, culprits: new Set(culprits), limits })
  for (const one of rows) judging.note(one)
  return judging.finish()
}

function row(address: string, risk_score: unknown): object {
  return { address, risk_score }
}

function rowsOf(scores: readonly number[]): object[] {
  return scores.map((score, nth) => row(addresses[nth] ?? '', score))
}

describe('scores', () => {
  it('are perfect when every culprit is above everybody else', () => {
    expect(judge(rowsOf([1, 1, 0, 0, 0, 0, 0, 0, 0, 0]))).toEqual({
      kind: 'scores',
      reported: 10,
      expected: 10,
      scored: 10,
      badData: 0,
      fabricated: 0,
      coverage: 1,
      areaUnderCurve: 1,
      precisionAtRecall80: 1,
      calibrationError: 0,
    })
  })

  it('that are all alike know nothing: half the area, the base rate, and are calibrated at the base rate', () => {
    const validation = judge(rowsOf(addresses.map(() => 0.2)))
    expect(validation).toMatchObject({ areaUnderCurve: 0.5, precisionAtRecall80: 0.2, calibrationError: 0 })
    expect(judge(rowsOf(addresses.map(() => 0.9))).calibrationError).toBe(0.7)
  })

  it('have the best precision of all cuts with enough recall, not that of the first', () => {
    // Five culprits: catching four takes the six highest (4 of 6), catching all takes seven (5 of 7).
    const validation = judge(rowsOf([0.9, 0.8, 0.7, 0.4, 0.3, 0.6, 0.5, 0.2, 0.1, 0]), 'abcde')
    expect(validation.precisionAtRecall80).toBe(0.714_285_714)
    expect(validation.areaUnderCurve).toBe(0.84)
    // All of them only with everybody: still the cut at four counts.
    const last = judge(rowsOf([0.9, 0.8, 0.7, 0.6, 0, 0.5, 0.4, 0.3, 0.2, 0.1]), 'abcde')
    expect(last.precisionAtRecall80).toBe(1)
  })

  it('of accounts that are left out count as the worst, and so do contradictions', () => {
    const two = judge([row('a', 1), row('c', 0)])
    expect(two).toMatchObject({ scored: 2, coverage: 0.2, areaUnderCurve: 0.0625 })
    const twice = judge([...rowsOf([1, 1, 0, 0, 0, 0, 0, 0, 0, 0]), row('a', 0.5), row('a', 1)])
    expect(twice).toMatchObject({ scored: 9, badData: 3, areaUnderCurve: 0.5, coverage: 0.9 })
  })

  it.each([
    ['badData', row('a', 1.01)],
    ['badData', row('a', Number.NaN)],
    ['badData', row('a', '0.5')],
    ['badData', { address: 'a' }],
    ['badData', row('', 0.5)],
    ['badData', null],
    ['badData', { ...row('a', 0.5), is_culprit: true }],
    ['fabricated', row('z', 0.5)],
  ])('are refused as %s: %j', (kind, bad) => {
    expect(judge([bad])).toMatchObject({ reported: 1, scored: 0, badData: 0, fabricated: 0, [kind]: 1 })
  })

  it('need a truth of this snapshot, with culprits and others', () => {
    for (const culprits of ['', 'abcdefghij', 'az']) {
      expect(() => judge([], culprits)).toThrow(/^truth: names \d+ culprits, of whom \d+ are among/)
    }
  })
})

describe('too much', () => {
  it.each([
    ['scores', 3, { address: 'a', risk_score: 1 }, 'more than 3 scores'],
    ['misfits', 3, {}, 'more than 3 rows that do not fit the schema'],
  ])('of %s is refused', (limit, most, one, message) => {
    const rows = Array.from({ length: most }, () => one)
    const limits = { ...outputLimits, [limit]: most }
    expect(judge(rows, 'ab', limits).reported).toBe(most)
    expect(() => judge([...rows, one], 'ab', limits)).toThrow(`output: holds ${message}; report what`)
  })
})

describe('whatever is scored', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true })
  const all = fc.array(score, { minLength: 10, maxLength: 10 })

  it('the order of rows changes nothing', () => {
    const shuffled = all.chain((scores) =>
      fc.tuple(fc.constant(rowsOf(scores)), fc.shuffledSubarray(rowsOf(scores), { minLength: 10 })),
    )
    fc.assert(
      fc.property(shuffled, ([rows, order]) => {
        expect(judge(order)).toEqual(judge(rows))
      }),
    )
  })

  it('leaving accounts out never raises the area or the precision', () => {
    fc.assert(
      fc.property(all, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), (scores, left) => {
        const whole = judge(rowsOf(scores))
        const part = judge(rowsOf(scores).filter((_, nth) => !left.includes(nth)))
        expect(part.areaUnderCurve).toBeLessThanOrEqual(whole.areaUnderCurve)
        expect(part.precisionAtRecall80).toBeLessThanOrEqual(whole.precisionAtRecall80)
        expect(part.coverage).toBe((10 - left.length) / 10)
      }),
    )
  })

  it('the area is the share of pairs in the right order', () => {
    fc.assert(
      fc.property(all, (scores) => {
        const nanos = scores.map((value) => Math.round(value * 1e9))
        const halves = nanos
          .slice(0, 2)
          .flatMap((one) => nanos.slice(2).map((other) => (one > other ? 2 : one === other ? 1 : 0)))
        const sum = halves.reduce<number>((total, half) => total + half, 0)
        expect(judge(rowsOf(scores)).areaUnderCurve).toBeCloseTo(sum / 32, 9)
      }),
    )
  })
})
