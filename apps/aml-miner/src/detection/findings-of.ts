import type { DetectionContext } from './detection-context.ts'
import { detectCycles } from './detectors/cycle.ts'
import { detectFanBursts } from './detectors/fan-burst.ts'
import { detectFreshToExchange } from './detectors/fresh-to-exchange.ts'
import { detectIntradayStructuring } from './detectors/intraday-structuring.ts'
import { detectLayeringPaths } from './detectors/layering-path.ts'
import { detectPingPong } from './detectors/ping-pong.ts'
import { detectProximityToLabels } from './detectors/proximity-to-labels.ts'
import { detectProximityToSuspects } from './detectors/proximity-to-suspects.ts'
import { detectSmurfingNetworks } from './detectors/smurfing-network.ts'
import { detectStructuring } from './detectors/structuring.ts'
import { detectVelocityAnomalies } from './detectors/velocity-anomaly.ts'
import type { Finding } from './finding.ts'
import { findPassThroughLinks } from './graph/pass-through-links.ts'

/** Runs all detectors in a fixed order. */
export function findingsOf(context: DetectionContext): Finding[] {
  const linkBudget = context.budget('LAYERING_PATH')
  const links = findPassThroughLinks(context, linkBudget)
  context.report(linkBudget)
  const cycles = detectCycles(context, links)
  const patterns = [
    ...cycles,
    ...detectLayeringPaths(context, links, cycles),
    ...detectSmurfingNetworks(context, links),
    ...detectFanBursts(context, 'in'),
    ...detectFanBursts(context, 'out'),
    ...detectStructuring(context),
    ...detectIntradayStructuring(context),
    ...detectPingPong(context),
    ...detectVelocityAnomalies(context),
    ...detectFreshToExchange(context),
    ...detectProximityToLabels(context),
  ]
  return [...patterns, ...detectProximityToSuspects(context, patterns)]
}
