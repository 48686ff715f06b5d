import { alertsFromFindings } from './alerts-from-findings.ts'
import { clustersFromAlerts } from './clusters-from-alerts.ts'
import { createDetectionContext } from './detection-context.ts'
import { assertDetectionInput, type DetectionInput } from './detection-input.ts'
import { type DetectionOptions, parseDetectionOptions } from './detection-options.ts'
import type { DetectionResult } from './detection-result.ts'
import { findingsOf } from './findings-of.ts'
import { computeGraphFeatures } from './graph/graph-features.ts'

/**
 * Finds suspicious patterns in one window of transfers and says about whom and why. Pure: the same columns give the
 * same result, bit for bit. It gives the event loop a turn every
 * few thousand steps. Throws an InputError for columns that cannot be right and the signal's reason when aborted.
 */
export async function detect(
  input: DetectionInput,
  options: Partial<DetectionOptions> = {},
  signal?: AbortSignal,
): Promise<DetectionResult> {
  assertDetectionInput(input)
  const context = await createDetectionContext(input, parseDetectionOptions(options), signal)
  const findings = await findingsOf(context)
  const { alerts, patterns } = await alertsFromFindings(findings, context)
  await context.checkpoint()
  const clusters = clustersFromAlerts(alerts, patterns, context)
  return {
    alerts,
    patterns,
    clusters,
    addressFeatures: await computeGraphFeatures(context),
    notices: context.notices,
    hasMeaningfulAmounts: context.amounts.isMeaningful,
  }
}
