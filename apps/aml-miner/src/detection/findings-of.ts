import type { DetectionContext } from './detection-context.ts'
import { detectIntradayStructuring } from './detectors/intraday-structuring.ts'
import { detectLayeringPaths } from './detectors/layering-path.ts'
import type { Finding } from './finding.ts'
import { findPassThroughLinks } from './graph/pass-through-links.ts'

/** Runs all detectors in a fixed order. */
export function findingsOf(context: DetectionContext): Finding[] {
  const linkBudget = context.budget('LAYERING_PATH')
  const links = findPassThroughLinks(context, linkBudget)
  const hit = linkBudget.notice()
  if (hit !== null) context.notices.push(hit)
  return [
    ...detectLayeringPaths(context, links),
    ...detectIntradayStructuring(context, context.options.maxExpectedByChance),
  ]
}
