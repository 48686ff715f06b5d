import { describe, expect, it } from 'vitest'

import { epochRules } from '../src/scoring/epoch-rules.ts'
import { epochOf, evidence } from '../src/scoring/test-support/epoch-of.ts'
import type { PatternValidation } from '../src/validation/pattern-judge.ts'
import { judgeRows, reportRow } from './judged-world.ts'
import { judgedStream } from './judged-stream.ts'
import { findCycles, findFanIns, findThresholdEvasion, type SimpleDetector } from './simple-detectors.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const seeds = Array.from({ length: isSoak ? 12 : 4 }, (_, nth) => `luck-${nth}`)
const transfers = isSoak ? '100000' : '60000'

const detectors: readonly (readonly [patternType: string, detect: SimpleDetector])[] = [
  ['cycle', findCycles],
  ['motif_fanin', findFanIns],
  ['threshold_evasion', findThresholdEvasion],
]

interface Outcome {
  /** Of the families that the detector looks for. */
  readonly recall: number
  readonly precision: number
  readonly score: number
}

/** What a submission made of some detectors earns in one world. */
function outcomeOf(seed: string, used: typeof detectors): Outcome {
  const { world, reports } = worldOf(seed)
  const rows = used.flatMap(([name]) =>
    (reports.get(name) ?? []).map(({ patternType, accounts }, nth) =>
      reportRow(
        accounts.map((account) => world.addressOf(account)),
        patternType,
        nth,
      ),
    ),
  )
  const validation: PatternValidation = judgeRows(world, rows)
  const types = new Set(used.map(([patternType]) => patternType))
  const expected = world.truth.patterns.filter(({ patternType }) => types.has(patternType)).length
  expect(validation).toMatchObject({ badData: 0, fabricated: 0 })
  return {
    recall: validation.found / expected,
    precision: validation.found / Math.max(1, validation.reported),
    score: epochRules.score(epochOf({ outcome: validation, evidence })).finalScore,
  }
}

interface SearchedWorld {
  readonly world: ReturnType<typeof judgedStream>
  /** By the detector's name; each looks at a world once. */
  readonly reports: ReadonlyMap<string, ReturnType<SimpleDetector>>
}

const worlds = new Map<string, SearchedWorld>()

function worldOf(seed: string): SearchedWorld {
  const known = worlds.get(seed)
  if (known !== undefined) return known
  const world = judgedStream({ seed, transfers })
  const reports = new Map(detectors.map(([name, detect]) => [name, detect(world.stream)]))
  const made = { world, reports }
  worlds.set(seed, made)
  return made
}

function spread(values: readonly number[]): { mean: number; deviation: number; least: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / values.length), least: Math.min(...values) }
}

describe('results of simple detectors', () => {
  it('hold over many seeds: they find most of what they look for, and about as much else, everywhere', () => {
    const all = seeds.map((seed) => outcomeOf(seed, detectors))
    const recall = spread(all.map((one) => one.recall))
    const precision = spread(all.map((one) => one.precision))
    if (isSoak) process.stdout.write(`\n${JSON.stringify({ recall, precision })}\n`)
    expect(recall.mean).toBeGreaterThan(0.75)
    expect(recall.least).toBeGreaterThan(0.5)
    expect(recall.deviation).toBeLessThan(0.15)
    expect(precision.mean).toBeGreaterThan(0.3)
    expect(precision.deviation).toBeLessThan(0.1)
  })

  it('rank by merit over a few worlds: who finds cycles and evasion is ahead of who finds one of them', () => {
    const careful = detectors.filter(([patternType]) => patternType !== 'motif_fanin')
    const meanScore = (used: typeof detectors): number =>
      spread(seeds.map((seed) => outcomeOf(seed, used).score)).mean
    const together = meanScore(careful)
    for (const one of careful) expect(together).toBeGreaterThan(meanScore([one]))
  })
})
