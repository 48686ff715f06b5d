import type { BenchmarkRun } from '@subnetkit/core'

import { LEAST_COVERAGE } from '../scoring/epoch-rules.ts'
import { NANO } from '../validation/nano.ts'

/** What all runs of a participant come to. */
export interface RunTotals {
  /** Reported rows, and planted patterns or accounts that they found; 0 where nothing was validated. */
  readonly reported: number
  readonly found: number
  /** Planted in the worlds of the runs that were validated. */
  readonly expected: number
}

/** Adds up what was found and reported; of risk scores, accounts that were scored. */
export function totalsOf(runs: readonly Pick<BenchmarkRun, 'outcome'>[]): RunTotals {
  let totals: RunTotals = { reported: 0, found: 0, expected: 0 }
  for (const { outcome } of runs) {
    if (outcome === null) continue
    const found = outcome.kind === 'patterns' ? outcome.found : outcome.scored
    totals = {
      reported: totals.reported + outcome.reported,
      found: totals.found + found,
      expected: totals.expected + outcome.expected,
    }
  }
  return totals
}

/**
 * Why a participant earned nothing, in a sentence for its miner: what ended its part, else what became of most of its
 * runs. `expected` is the number of runs that it should have.
 */
export function explainNothing(
  disqualification: string | null,
  runs: readonly Pick<BenchmarkRun, 'status' | 'errorMessage' | 'outcome'>[],
  expected: number,
): string {
  if (disqualification !== null) {
    return runs.some(({ outcome }) => outcome !== null)
      ? `${disqualification}; in all it ${foundText(runs)}`
      : disqualification
  }
  if (runs.length === 0) return `none of ${expected} runs took place`
  const ends = new Map<string, { runs: number; example: string }>()
  for (const run of runs) {
    const end = isCounted(run) ? '' : run.status
    const { runs: before, example } = ends.get(end) ?? { runs: 0, example: run.errorMessage ?? '' }
    ends.set(end, { runs: before + 1, example })
  }
  const [worst] = [...ends].toSorted(([a, m], [b, n]) => n.runs - m.runs || (a < b ? -1 : 1))
  const [end, { runs: times, example }] = worst ?? ['', { runs: 0, example: '' }]
  if (end === '') return foundText(runs)
  return `${times} of ${expected} runs: ${end}${example === '' ? '' : `: ${example}`}`
}

function foundText(runs: readonly Pick<BenchmarkRun, 'outcome'>[]): string {
  const { found, reported, expected } = totalsOf(runs)
  const scores = runs.flatMap(({ outcome }) => (outcome?.kind === 'scores' ? [outcome] : []))
  const bad = runs.reduce((sum, { outcome }) => sum + (outcome?.badData ?? 0), 0)
  const guessed = found > 0 && found * 20 < reported ? ': fewer than one report in 20 is right' : ''
  const struck = bad > 0 ? `; ${bad} of them are nothing of their world, so that their days count as 0` : ''
  return scores.length > 0
    ? `scored ${found} of ${expected} accounts with ${reported} rows${scoresText(scores)}${struck}`
    : `found ${found} of ${expected} with ${reported} reports${guessed}${struck}`
}

/** Why risk scores are worth nothing: of too few accounts, or no better than chance. */
function scoresText(
  outcomes: readonly Readonly<{ coverage: number; areaUnderCurve: number; badData: number }>[],
): string {
  if (outcomes.some(({ badData }) => badData > 0)) return ''
  const least = Math.min(...outcomes.map(({ coverage }) => coverage))
  if (least * NANO < LEAST_COVERAGE)
    return `: a day counts when ${LEAST_COVERAGE / (NANO / 100)} % are scored`
  const best = Math.max(...outcomes.map(({ areaUnderCurve }) => areaUnderCurve))
  const chance = best <= 0.5 ? ', no better than chance' : ''
  return `: area under the curve ${best.toFixed(4)} at best${chance}`
}

function isCounted({ outcome, status }: Pick<BenchmarkRun, 'status' | 'outcome'>): boolean {
  return status === 'completed' && outcome !== null
}
