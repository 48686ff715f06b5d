import { fromNano, NANO, ratioNano } from './nano.ts'

/** Recall that {@link ScoreMeasures.precisionAtRecall80} must reach, in percent. */
const RECALL_PERCENT = 80

const BINS = 10

/** How good risk scores are. All in [0, 1], to 1e-9. */
export interface ScoreMeasures {
  /** The chance that a culprit scores above anybody else, ties counting half; 0.5 is chance. */
  readonly areaUnderCurve: number
  /** The best precision of any cut that catches at least 80 % of the culprits. */
  readonly precisionAtRecall80: number
  /** Mean distance between score and share of culprits over ten equal bins of scores; 0 is perfect. */
  readonly calibrationError: number
}

/**
 * Measures scores in billionths; values below 0 and above 1e9 stand for accounts that were left out, at the worst place.
 * Both sides need a member. Sorts its arguments.
 */
export function measureScores(culprits: Int32Array, others: Int32Array): ScoreMeasures {
  culprits.sort()
  others.sort()
  return {
    areaUnderCurve: areaUnderCurve(culprits, others),
    precisionAtRecall80: precisionAtRecall(culprits, others),
    calibrationError: calibrationError(culprits, others),
  }
}

function areaUnderCurve(culprits: Int32Array, others: Int32Array): number {
  let below = 0
  let upTo = 0
  let halves = 0
  for (const score of culprits) {
    while (below < others.length && (others[below] ?? 0) < score) below += 1
    while (upTo < others.length && (others[upTo] ?? 0) <= score) upTo += 1
    halves += below + upTo
  }
  return fromNano(ratioNano(halves, 2 * culprits.length * others.length))
}

/** Goes down from the highest score; accounts of one score are cut together. */
function precisionAtRecall(culprits: Int32Array, others: Int32Array): number {
  let caught = 0
  let flagged = 0
  let best = { caught: 0, flagged: 1 }
  let other = others.length
  for (let at = culprits.length; at > 0;) {
    const score = culprits[at - 1] ?? 0
    while (at > 0 && culprits[at - 1] === score) at -= 1
    while (other > 0 && (others[other - 1] ?? 0) >= score) other -= 1
    caught = culprits.length - at
    flagged = caught + others.length - other
    const isEnough = caught * 100 >= culprits.length * RECALL_PERCENT
    if (isEnough && caught * best.flagged > best.caught * flagged) best = { caught, flagged }
  }
  return fromNano(ratioNano(best.caught, best.flagged))
}

function calibrationError(culprits: Int32Array, others: Int32Array): number {
  const scores = Array.from({ length: BINS }, () => 0)
  const hits = Array.from({ length: BINS }, () => 0)
  for (const [side, hit] of [
    [culprits, NANO],
    [others, 0],
  ] as const) {
    for (const raw of side) {
      const score = Math.min(NANO, Math.max(0, raw))
      const bin = Math.min(BINS - 1, Math.floor((score * BINS) / NANO))
      scores[bin] = (scores[bin] ?? 0) + score
      hits[bin] = (hits[bin] ?? 0) + hit
    }
  }
  const distance = scores.reduce((sum, total, bin) => sum + Math.abs(total - (hits[bin] ?? 0)), 0)
  return fromNano(ratioNano(distance, (culprits.length + others.length) * NANO))
}
