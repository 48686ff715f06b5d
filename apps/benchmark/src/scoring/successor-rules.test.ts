import { describe, expect, it } from 'vitest'

import { getRuleSet, ruleSets } from './rule-sets.ts'
import type { RunResult } from './run-result.ts'
import { successorRules } from './successor-rules.ts'
import { epochOf, evidence, patterns } from './test-support/epoch-of.ts'

/** Milliseconds of a run whose features take the base time, a fifth of it. */
const BASE_RUN_MS = 150_000

function scoreOf(change: Partial<RunResult>): { final: number; reason: string } {
  const { finalScore, runs } = successorRules.score(epochOf({ executionMs: BASE_RUN_MS, ...change }))
  return { final: finalScore, reason: runs[0]?.reason ?? '' }
}

describe('worked examples', () => {
  const novelties = (confirmedNovelties: number): Partial<RunResult> => ({
    evidence: { ...evidence, confirmedNovelties },
  })
  it.each([
    ['all found at the base time: 0.25 × 0.5 + 0.50', {}, 0.625],
    ['all found in no time', { executionMs: 0 }, 0.75],
    ['all found in twice the base time: 0.25 / 3 + 0.50', { executionMs: 2 * BASE_RUN_MS }, 0.583_333_333],
    ['all found at ten times the base', { executionMs: 10 * BASE_RUN_MS }, 0.5],
    ['novelties up to the cap of half the planted', novelties(30), 0.875],
    ['novelties beyond it', novelties(300), 0.875],
    ['half of the cap', novelties(15), 0.75],
    ['novelties where one pattern is planted: a cap of 0', { ...novelties(5), outcome: one() }, 0.625],
    ['half found, nothing false', { outcome: patterns({ found: 30, reported: 30 }) }, 0.3125],
  ])('%s', (_, change, final) => {
    expect(scoreOf(change).final).toBe(final)
  })
})

describe('a gate', () => {
  const features = { rows: 100, columns: 40, rowsWithoutAddress: 0 }
  it.each([
    ['gate 1', { evidence: { ...evidence, features: { ...features, rows: 0 } } }],
    ['gate 1', { evidence: { ...evidence, features: { ...features, columns: 4 } } }],
    ['gate 1', { evidence: { ...evidence, features: { ...features, rowsWithoutAddress: 1 } } }],
    ['gate 1', { outcome: patterns({ found: 0, reported: 0 }) }],
    ['gate 2', { outcome: patterns({ reported: 61, badData: 1 }) }],
    ['gate 2', { outcome: patterns({ reported: 61, fabricated: 1 }) }],
    ['gate 3', { outcome: patterns({ found: 0 }) }],
    ['gate 3', { outcome: patterns({ reported: 1_201 }) }],
    ['late', { executionMs: 3_600_001 }],
    ['failed', { status: 'failed' as const }],
  ])('%s closes for %j', (reason, change) => {
    const scored = scoreOf(change)
    expect(scored.final).toBe(0)
    expect(scored.reason).toContain(reason)
  })

  it('closes for the run alone', () => {
    const input = epochOf({ executionMs: BASE_RUN_MS })
    const runs = input.runs.map((run, nth) => (nth < 14 ? run : { ...run, outcome: patterns({ found: 0 }) }))
    expect(successorRules.score({ ...input, runs }).finalScore).toBe(0.3125)
  })

  it('is closed without features, and to scores', () => {
    const input = epochOf()
    const bare = input.runs.map((run) => {
      const { testDate, network, windowDays, status, executionMs, outcome } = run
      return { testDate, network, windowDays, status, executionMs, outcome }
    })
    expect(successorRules.score({ ...input, runs: bare }).runs[0]?.reason).toContain('gate 1: features')
    const kind = { kind: 'scores', reported: 1, expected: 1, scored: 1, badData: 0, fabricated: 0 } as const
    const outcome = { ...kind, coverage: 1, areaUnderCurve: 1 }
    expect(scoreOf({ outcome })).toEqual({ final: 0, reason: 'these rules pay for patterns only' })
  })
})

describe('rule sets', () => {
  it('are found by name', () => {
    expect(ruleSets.map(({ name }) => getRuleSet(name))).toEqual(ruleSets)
    expect(() => getRuleSet('epok')).toThrow('rule set: "epok" is not known; use one of epoch, successor')
  })

  it('all pay 0 for nothing and say so for each run', () => {
    for (const ruleSet of ruleSets) {
      const score = ruleSet.score({ ...epochOf(), runs: [] })
      expect(score).toMatchObject({ finalScore: 0, runsCompleted: 0, isWithinTimeLimit: false })
      expect(score.runs).toHaveLength(28)
      expect(score.components.reduce((sum, { weight }) => sum + weight, 0)).toBe(100)
    }
  })
})

function one(): RunResult['outcome'] {
  return patterns({ expected: 1, found: 1, reported: 1 })
}
