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
import { detectTimeBasedPatterns } from './detectors/time-based-pattern.ts'
import { detectVelocityAnomalies } from './detectors/velocity-anomaly.ts'
import type { Finding } from './finding.ts'
import { findFirstTimeBursts } from './graph/first-time-bursts.ts'
import { singleTransferContext } from './graph/single-transfer-context.ts'
import { findPassThroughLinks } from './graph/pass-through-links.ts'

/** Runs all detectors in a fixed order. */
export async function findingsOf(context: DetectionContext): Promise<Finding[]> {
  const linkBudget = context.budget('LAYERING_PATH')
  const links = await findPassThroughLinks(context, linkBudget)
  context.report(linkBudget)
  const fine = await singleTransferContext(context)
  const fineBudget = context.budget('SMURFING_NETWORK')
  const fineLinks = await findPassThroughLinks(fine, fineBudget)
  context.report(fineBudget)
  const cycles = withoutRepeats([
    ...(await detectCycles(context, links)),
    ...(await detectCycles(fine, fineLinks)),
  ])
  const collections = await detectFanBursts(context, await findFirstTimeBursts(context, 'in'))
  const distributions = await detectFanBursts(context, await findFirstTimeBursts(context, 'out'))
  const patterns = [
    ...cycles,
    ...(await detectLayeringPaths(context, links, cycles)),
    ...withoutRepeats([
      ...(await detectSmurfingNetworks(context, links)),
      ...(await detectSmurfingNetworks(fine, fineLinks)),
    ]),
    ...collections.findings,
    ...distributions.findings,
    ...(await detectRapidFanOut(context, distributions.unexplained)),
    ...(await detectStructuring(context)),
    ...(await detectIntradayStructuring(context)),
    ...(await detectPingPong(context)),
    ...(await detectVelocityAnomalies(context)),
    ...(await detectFreshToExchange(context)),
    ...(await detectTimeBasedPatterns(context)),
    ...(await detectProximityToLabels(context)),
  ]
  return [...patterns, ...(await detectProximityToSuspects(context, patterns))]
}

/** Leaves out a finding all of whose transfers an earlier one of the same kind already shows. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const shown = new Set<number>()
  return findings.filter(({ rows }) => {
    const isNew = rows.some((row) => !shown.has(row))
    for (const row of rows) shown.add(row)
    return isNew
  })
}
