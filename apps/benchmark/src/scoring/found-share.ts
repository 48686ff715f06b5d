import { ratioNano } from '../validation/nano.ts'
import type { PatternOutcome } from './run-result.ts'

/** Reports of which fewer than one in so many is right are guesses. */
const GUESSING = 20

/**
 * Recall times precision, in billionths: of `expected` planted patterns `found`, with `reported` rows. Where nothing
 * false is reported it is plain recall. Each false report lowers it, and where fewer than one report in twenty is right
 * it is 0: a list of everything finds everything.
 */
export function foundShare({ reported, expected, found }: PatternOutcome): number {
  return found * GUESSING < reported || found === 0 ? 0 : ratioNano(found * found, reported * expected)
}

/** What a person reads about {@link foundShare}. */
export function describeFound({ reported, expected, found }: PatternOutcome): string {
  const start = `found ${found} of ${expected} planted patterns with ${reported} reports`
  return found > 0 && found * GUESSING < reported ? `${start}: fewer than one in ${GUESSING} is right` : start
}
