import type { DetectionContext } from './detection-context.ts'
import { detectCycles } from './detectors/cycle.ts'
import { detectFanBursts } from './detectors/fan-burst.ts'
import { detectFreshToExchange } from './detectors/fresh-to-exchange.ts'
import { detectIntradayStructuring } from './detectors/intraday-structuring.ts'
import { detectLayeringPaths } from './detectors/layering-path.ts'
import { detectPingPong } from './detectors/ping-pong.ts'
import { detectProximityToLabels } from './detectors/proximity-to-labels.ts'
import { detectProximityToSuspects } from './detectors/proximity-to-suspects.ts'
import { detectRapidFanOut } from './detectors/rapid-fanout.ts'
import { detectSmurfingNetworks } from './detectors/smurfing-network.ts'
import { detectStructuring } from './detectors/structuring.ts'
import { detectVelocityAnomalies } from './detectors/velocity-anomaly.ts'
import type { Finding } from './finding.ts'
import { findFirstTimeBursts } from './graph/first-time-bursts.ts'
import { findPassThroughLinks } from './graph/pass-through-links.ts'

/** Runs all detectors in a fixed order. */
export async function findingsOf(context: DetectionContext): Promise<Finding[]> {
  const linkBudget = context.budget('LAYERING_PATH')
  const links = await findPassThroughLinks(context, linkBudget)
  context.report(linkBudget)
  const cycles = await detectCycles(context, links)
  const collections = await detectFanBursts(context, await findFirstTimeBursts(context, 'in'))
  const distributions = await detectFanBursts(context, await findFirstTimeBursts(context, 'out'))
  const patterns = [
    ...cycles,
    ...(await detectLayeringPaths(context, links, cycles)),
    ...(await detectSmurfingNetworks(context, links)),
    ...collections.findings,
    ...distributions.findings,
    ...(await detectRapidFanOut(context, distributions.unexplained)),
    ...(await detectStructuring(context)),
    ...(await detectIntradayStructuring(context)),
    ...(await detectPingPong(context)),
    ...(await detectVelocityAnomalies(context)),
    ...(await detectFreshToExchange(context)),
    ...(await detectProximityToLabels(context)),
  ]
  return [...patterns, ...(await detectProximityToSuspects(context, patterns))]
}
