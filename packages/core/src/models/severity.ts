import { z } from 'zod'

/** Severities in ascending order, with the numbers under which stores keep them. */
export const severityNumbers = { low: 1, medium: 2, high: 3, critical: 4 } as const

/** How bad an alert is; lower case in the domain whatever the source wrote. */
export const severitySchema = z.enum(['low', 'medium', 'high', 'critical'])
/** One of low, medium, high, critical. */
export type Severity = z.infer<typeof severitySchema>

/**
 * Severity of a confidence: ≥ 0.90 critical, ≥ 0.75 high, ≥ 0.60 medium, else low (the rule of the published alerts).
 */
export function severityOfConfidence(confidence: number): Severity {
  if (confidence >= 0.9) return 'critical'
  if (confidence >= 0.75) return 'high'
  return confidence >= 0.6 ? 'medium' : 'low'
}
