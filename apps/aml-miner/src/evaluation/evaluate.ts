import {
  accountPrecisionAt,
  alertPrecisionAt,
  areaUnderCurve,
  type JudgedAccount,
  recallOf,
} from './quality.ts'
import type { Truth } from './truth.ts'

/** An alert as the evaluation sees it, in rank order. */
export interface JudgedAlert {
  readonly address: string
  readonly score: number
  readonly confidence: number
}

/** How good a batch is against the truth. Shares are in [0, 1]; null where the question has no answer. */
export interface Evaluation {
  readonly positives: number
  readonly accounts: number
  readonly alerts: number
  readonly alertedAccounts: number
  /** Share of the 50 most urgent alerts that are about a positive. */
  readonly precisionAt50: number | null
  /** Share of the 100 accounts with the highest scores that are positive. */
  readonly accountPrecisionAt100: number | null
  /** Share of positives that carry an alert. */
  readonly recall: number | null
  /** Share of pattern instances of which at least half of the members carry an alert. */
  readonly patternRecall: number | null
  /** Of the accounts' highest alert score; accounts without an alert have 0. */
  readonly auc: number | null
  /** The same two, had we taken the alerts' plain confidence for a score. */
  readonly confidenceAuc: number | null
  readonly confidencePrecisionAt100: number | null
}

/**
 * Holds a batch against the truth. `population` is every account that could have been alerted; those that only the
 * truth knows are added to it.
 */
export function evaluate(
  ranked: readonly JudgedAlert[],
  population: readonly string[],
  truth: Truth,
): Evaluation {
  const everybody = new Set([...population, ...truth.positives, ...truth.negatives])
  const byScore = judge(ranked, everybody, truth, ({ score }) => score)
  const byConfidence = judge(ranked, everybody, truth, ({ confidence }) => confidence)
  const alerted = new Set(ranked.map(({ address }) => address))
  return {
    positives: truth.positives.size,
    accounts: everybody.size,
    alerts: ranked.length,
    alertedAccounts: alerted.size,
    precisionAt50: alertPrecisionAt(
      ranked.map(({ address }) => address),
      truth.positives,
      50,
    ),
    accountPrecisionAt100: accountPrecisionAt(byScore, 100),
    recall: recallOf(truth.positives, alerted),
    patternRecall: patternRecall(truth, alerted),
    auc: areaUnderCurve(byScore),
    confidenceAuc: areaUnderCurve(byConfidence),
    confidencePrecisionAt100: accountPrecisionAt(byConfidence, 100),
  }
}

function judge(
  ranked: readonly JudgedAlert[],
  everybody: ReadonlySet<string>,
  truth: Truth,
  valueOf: (alert: JudgedAlert) => number,
): readonly JudgedAccount[] {
  const best = new Map<string, number>()
  for (const alert of ranked) {
    best.set(alert.address, Math.max(best.get(alert.address) ?? 0, valueOf(alert)))
  }
  return [...everybody].map((address) => ({
    address,
    isPositive: truth.positives.has(address),
    score: best.get(address) ?? 0,
  }))
}

function patternRecall(truth: Truth, alerted: ReadonlySet<string>): number | null {
  if (truth.instances.size === 0) return null
  let found = 0
  for (const members of truth.instances.values()) {
    const share = recallOf(members, alerted)
    if (share !== null && share >= 0.5) found += 1
  }
  return found / truth.instances.size
}
