import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { foundShare } from '../scoring/found-share.ts'
import { outputLimits } from './output-limits.ts'
import { PatternJudge, type PatternValidation } from './pattern-judge.ts'
import type { PlantedPattern } from './planted-truth.ts'
import { TransferIndex } from './transfer-index.ts'

/** `ab` is a transfer of a to b; each address is one letter. */
function snapshot(...transfers: readonly string[]): TransferIndex {
  return new TransferIndex(
    transfers.map((text, nth) => ({ txId: `tx-${nth}`, from: text.slice(0, 1), to: text.slice(1) })),
  )
}

function planted(id: string, letters: string, patternType = 'cycle'): PlantedPattern {
  return { id, patternType, addresses: [...letters] }
}

function report(letters: string, change: object = {}): object {
  return { pattern_id: `p-${letters}`, pattern_type: 'cycle', addresses: [...letters], ...change }
}

const ring = snapshot('ab', 'bc', 'cd', 'da', 'ef', 'fg', 'ge', 'xy')
const truth = [planted('first', 'abcd'), planted('second', 'efg', 'layering_path')]

function judge(
  rows: readonly unknown[],
  transfers = ring,
  patterns: readonly PlantedPattern[] = truth,
): PatternValidation {
  const judging = new PatternJudge({ transfers, patterns, tracing: 'connected' })
  for (const row of rows) judging.note(row)
  return judging.finish()
}

describe('a verdict', () => {
  it.each([
    ['found', report('abcd'), 'accepted: it is the planted pattern first'],
    ['found', report('dbca'), 'accepted'],
    ['found', report('abc'), 'accepted'],
    ['not_planted', report('ab'), 'shares more than half'],
    ['wrong_type', report('efg'), 'it covers the planted pattern second, which has another type'],
    ['not_planted', report('xy'), 'no planted pattern'],
    ['unknown_type', report('abcd', { pattern_type: 'ring' }), 'its type is none'],
    ['too_few_addresses', report('a'), 'one address is no pattern'],
    ['too_few_addresses', report(''), 'one address is no pattern'],
    [
      'too_many_addresses',
      report('', { addresses: Array.from({ length: 65 }, () => 'a') }),
      'more addresses',
    ],
    ['repeated_address', report('abca'), 'address 4 is listed before'],
    ['untraced', report('abx'), 'no transfer of the snapshot leads to address 3'],
    ['untraced', report('abxy'), 'leads to address 3'],
    ['unknown_address', report('abcz'), 'address 4 does not occur'],
    ['unknown_transaction', report('abcd', { transactions: ['tx-1', 'tx-99'] }), 'transaction 2 does not'],
    ['malformed', null, 'not a reported pattern'],
    ['malformed', 'abcd', 'not a reported pattern'],
    ['malformed', report('abcd', { addresses: 'a,b,c,d' }), 'not a reported pattern'],
    ['malformed', report('abcd', { addresses: ['a', 'b', 3] }), 'not a reported pattern'],
    ['malformed', report('abcd', { confidence: Number.NaN }), 'not a reported pattern'],
    ['malformed', report('abcd', { pattern_instance_id: 'first' }), 'not a reported pattern'],
    ['malformed', report('abcd', { pattern_id: '' }), 'not a reported pattern'],
  ])('of %s is given to %j', (verdict, row, text) => {
    const validation = judge([row])
    expect(validation.explain(0)).toEqual({ verdict, text: expect.stringContaining(text) })
    expect(validation.verdicts).toMatchObject({ [verdict]: 1 })
    expect(validation.reported).toBe(1)
  })

  it('takes evidence that the snapshot has', () => {
    expect(judge([report('abcd', { transactions: ['tx-0', 'tx-3'], confidence: 0.9 })]).found).toBe(1)
  })

  it('goes to the closest report of a pattern; the others and copies earn nothing', () => {
    const validation = judge([
      report('abc'),
      report('dcba'),
      report('abcd', { pattern_id: 'copy' }),
      report('bcd'),
    ])
    expect([0, 1, 2, 3].map((row) => validation.explain(row).verdict)).toEqual([
      'already_found',
      'found',
      'duplicate',
      'already_found',
    ])
    expect(validation.matches).toEqual([{ report: 1, truth: 0, shared: 4, union: 4, patternId: 'first' }])
    expect(validation.missed).toEqual(['second'])
  })

  it('counts what is nothing of the snapshot and what is made up', () => {
    const validation = judge([report('abcd'), report('abx'), null, report('az'), report('xy')])
    expect(validation).toMatchObject({ reported: 5, expected: 2, found: 1, badData: 2, fabricated: 1 })
  })
})

describe('the judge', () => {
  it('wants each to have paid the next where the rules say so', () => {
    const verdictOf = (letters: string): string => {
      const judging = new PatternJudge({ transfers: ring, patterns: truth, tracing: 'consecutive' })
      judging.note(report(letters))
      return judging.finish().explain(0).verdict
    }
    expect(['abcd', 'dabc', 'dcba', 'acbd'].map(verdictOf)).toEqual([
      'found',
      'found',
      'untraced',
      'untraced',
    ])
  })

  it('refuses a truth of another snapshot, and none at all', () => {
    expect(() => judge([], ring, [planted('third', 'abz')])).toThrow(
      /planted pattern third: "z" takes part in no/,
    )
    expect(() => judge([], ring, [])).toThrow(/^planted patterns: are none/)
  })

  it.each([
    ['patterns', 2, report('abcd'), 'more than 2 patterns'],
    ['addresses', 8, report('abcd'), 'more than 8 addresses'],
    ['transactions', 4, report('abcd', { transactions: ['tx-0', 'tx-1'] }), 'more than 4 transactions'],
    ['misfits', 2, null, 'more than 2 rows that do not fit the schema'],
  ])('refuses a run with too many %s', (limit, most, one, message) => {
    const limits = { ...outputLimits, [limit]: most }
    const judging = new PatternJudge({ transfers: ring, patterns: truth, tracing: 'connected', limits })
    judging.note(one)
    judging.note(one)
    expect(() => judging.note(one)).toThrow(`output: holds ${message}; report what`)
  })

  it('pairs overlapping patterns one to one, the closest pair first', () => {
    const chain = snapshot('ab', 'bc', 'cd', 'de', 'ef')
    const overlapping = [planted('one', 'abcd'), planted('two', 'bcde'), planted('three', 'bcdef')]
    const validation = judge([report('bcde'), report('abcde'), report('abcdef')], chain, overlapping)
    expect(validation.matches.map(({ patternId, report: row }) => [patternId, row])).toEqual([
      ['one', 1],
      ['two', 0],
      ['three', 2],
    ])
  })
})

const letters = [...'abcdefgh']
const transfer = fc
  .tuple(fc.constantFrom(...letters), fc.constantFrom(...letters))
  .map((pair) => pair.join(''))
const members = fc.uniqueArray(fc.constantFrom(...letters, 'z'), { minLength: 1, maxLength: 6 })
const type = fc.constantFrom('cycle', 'motif_fanin')
const anyReport = fc
  .tuple(members, type)
  .map(([addresses, pattern_type]) => report(addresses.join(''), { pattern_type }))
const world = fc.record({
  transfers: fc.array(transfer, { minLength: 5, maxLength: 25 }),
  patterns: fc.array(
    fc.tuple(fc.uniqueArray(fc.constantFrom(...letters), { minLength: 2, maxLength: 5 }), type),
    { minLength: 1, maxLength: 5 },
  ),
  reports: fc.array(anyReport, { maxLength: 12 }),
})

/** Every letter takes part, so that any truth fits. */
function buildWorld(drawn: typeof world extends fc.Arbitrary<infer World> ? World : never): {
  transfers: TransferIndex
  patterns: PlantedPattern[]
} {
  return {
    transfers: snapshot(...letters.map((letter) => letter + letter), ...drawn.transfers),
    patterns: drawn.patterns.map(([addresses, patternType], nth) =>
      planted(`p${nth}`, addresses.join(''), patternType),
    ),
  }
}

describe('whatever is reported', () => {
  const runs = { numRuns: 120 }

  it('the order of rows changes nothing that counts', () => {
    const shuffled = world.chain((drawn) =>
      fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn.reports, { minLength: drawn.reports.length })),
    )
    fc.assert(
      fc.property(shuffled, ([drawn, order]) => {
        const { transfers, patterns } = buildWorld(drawn)
        const one = judge(drawn.reports, transfers, patterns)
        const other = judge(order, transfers, patterns)
        expect(other.verdicts).toEqual(one.verdicts)
        expect(other.missed).toEqual(one.missed)
        expect(other.matches.map(({ shared, union }) => [shared, union])).toEqual(
          one.matches.map(({ shared, union }) => [shared, union]),
        )
      }),
      runs,
    )
  })

  it('a report that finds nothing by itself never raises a score', () => {
    fc.assert(
      fc.property(world, anyReport, (drawn, extra) => {
        const { transfers, patterns } = buildWorld(drawn)
        fc.pre(judge([extra], transfers, patterns).found === 0)
        const before = judge(drawn.reports, transfers, patterns)
        const after = judge([...drawn.reports, extra], transfers, patterns)
        expect(after.found).toBe(before.found)
        expect(foundShare(after)).toBeLessThanOrEqual(foundShare(before))
        expect(after.badData + after.fabricated).toBeGreaterThanOrEqual(before.badData + before.fabricated)
      }),
      runs,
    )
  })

  it('a copy earns nothing', () => {
    fc.assert(
      fc.property(world, fc.nat(20), (drawn, nth) => {
        fc.pre(drawn.reports.length > 0)
        const { transfers, patterns } = buildWorld(drawn)
        const copy = { ...drawn.reports[nth % drawn.reports.length], pattern_id: 'copy' }
        const before = judge(drawn.reports, transfers, patterns)
        const after = judge([...drawn.reports, copy], transfers, patterns)
        expect(after.found).toBe(before.found)
        expect(foundShare(after)).toBeLessThanOrEqual(foundShare(before))
      }),
      runs,
    )
  })

  it('pairs are those of going through all pairs, the closest first', () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const { transfers, patterns } = buildWorld(drawn)
        const validation = judge(drawn.reports, transfers, patterns)
        expect(validation.matches.map(({ truth: index, shared, union }) => [index, shared, union])).toEqual(
          pairAll(
            drawn.reports.filter((_, row) => isTraced(validation.explain(row).verdict)),
            patterns,
          ),
        )
      }),
      runs,
    )
  })
})

function isTraced(verdict: string): boolean {
  return ['found', 'already_found', 'wrong_type', 'not_planted'].includes(verdict)
}

/** The same rule in plain words, over all pairs. */
function pairAll(rows: readonly object[], patterns: readonly PlantedPattern[]): number[][] {
  const pairs = rows.flatMap((row, nth) =>
    patterns.flatMap(({ addresses, patternType }, index) => {
      const listed: unknown = Reflect.get(row, 'addresses')
      const own = Array.isArray(listed) ? listed.map(String).sort() : []
      const shared = own.filter((address) => addresses.includes(address)).length
      const union = own.length + addresses.length - shared
      const fits = Reflect.get(row, 'pattern_type') === patternType && shared / union > 0.5
      return fits ? [{ nth, index, shared, union, own: own.join('') }] : []
    }),
  )
  pairs.sort(
    (a, b) =>
      b.shared / b.union - a.shared / a.union ||
      (a.own < b.own ? -1 : a.own > b.own ? 1 : 0) ||
      a.index - b.index,
  )
  const chosen: typeof pairs = []
  for (const pair of pairs) {
    if (chosen.every(({ nth, index }) => nth !== pair.nth && index !== pair.index)) chosen.push(pair)
  }
  return chosen.sort((a, b) => a.index - b.index).map(({ index, shared, union }) => [index, shared, union])
}
