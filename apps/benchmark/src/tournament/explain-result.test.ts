import { describe, expect, it } from 'vitest'

import { explainNothing, totalsOf } from './explain-result.ts'
import { runOf } from './test-support/run-of.ts'

describe('explainNothing', () => {
  it.each([
    ['nothing ran', null, [], 'none of 2 runs took place'],
    ['it was refused', 'scan: eval (obfuscation)', [], 'scan: eval (obfuscation)'],
    [
      'it was disqualified',
      'made up: 1 row',
      [runOf({ found: 0, reported: 7 })],
      'made up: 1 row; in all it found 0 of 10 with 7 reports',
    ],
    [
      'it found nothing',
      null,
      [runOf({ found: 0, reported: 1 }), runOf({ found: 0, reported: 0 })],
      'found 0 of 20 with 1 reports',
    ],
    [
      'it guessed',
      null,
      [runOf({ found: 5, reported: 5_000 })],
      'found 5 of 10 with 5000 reports: fewer than one report in 20 is right',
    ],
    [
      'its days are struck',
      null,
      [runOf({ found: 0, reported: 7, badData: 3 })],
      'found 0 of 10 with 7 reports; 3 of them are nothing of their world, so that their days count as 0',
    ],
    [
      'its scores know nothing',
      null,
      [0.4, 0.5].map((areaUnderCurve) => runOf({ outcome: { scored: 100, areaUnderCurve } })),
      'scored 200 of 200 accounts with 200 rows: area under the curve 0.5000 at best, no better than chance',
    ],
    [
      'it left accounts out',
      null,
      [90, 89].map((scored) => runOf({ outcome: { scored, areaUnderCurve: 0.9 } })),
      'scored 179 of 200 accounts with 179 rows: a day counts when 90 % are scored',
    ],
    [
      'rows of its scores are wrong',
      null,
      [runOf({ outcome: { scored: 98, areaUnderCurve: 0.9, badData: 2 } })],
      'scored 98 of 100 accounts with 100 rows; 2 of them are nothing of their world, so that their days count as 0',
    ],
    [
      'most runs crashed',
      null,
      [3, 4].map((code) => runOf({ status: 'failed', outcome: null, errorMessage: `exit code ${code}` })),
      '2 of 2 runs: failed: exit code 3',
    ],
    ['it was slow', null, [runOf({ status: 'timeout', outcome: null })], '1 of 2 runs: timeout'],
  ])('says that %s', (_name, disqualification, runs, text) => {
    expect(explainNothing(disqualification, runs, 2)).toBe(text)
  })
})

describe('totalsOf', () => {
  it('adds up what was validated and nothing else', () => {
    const runs = [runOf(), runOf({ found: 1, reported: 3 }), runOf({ status: 'failed', outcome: null })]
    expect(totalsOf(runs)).toEqual({ found: 9, reported: 13, expected: 20 })
  })
})
