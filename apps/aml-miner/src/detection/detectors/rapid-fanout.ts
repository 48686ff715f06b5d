import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import type { FirstTimeBurst } from '../graph/first-time-bursts.ts'
import { rowsOfPayments } from '../graph/payments.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'

const FEWEST_RECIPIENTS = 7
/** A larger round of payments is a business: a payroll, a giveaway. */
const MOST_RECIPIENTS = 30
const LARGEST_UNEVENNESS = 0.5
const MOST_EQUAL_AMOUNTS = 0.1
const LONGEST_WINDOW_MS = 86_400_000
const LEAST_SURPRISING = 0.1
const HIGHEST_CONFIDENCE = 0.6
const RECIPIENT_CERTAINTY = 0.8

/**
 * RAPID_FANOUT: many first-time recipients within a day, paid in pieces of about one size but none the same, by an
 * address whose funds were not seen to come in. Everyday bursts have sums as different as their purposes, payrolls and
 * giveaways have equal ones. Weak evidence, so the confidence stays below 0.6. Off when amounts mean nothing.
 */
export async function detectRapidFanOut(
  context: DetectionContext,
  unexplained: readonly FirstTimeBurst[],
): Promise<Finding[]> {
  await context.checkpoint()
  if (!context.amounts.isMeaningful) return []
  return unexplained
    .filter(
      (burst) =>
        burst.payments.length >= FEWEST_RECIPIENTS &&
        burst.payments.length <= MOST_RECIPIENTS &&
        burst.windowMs <= LONGEST_WINDOW_MS &&
        burst.unevenness <= LARGEST_UNEVENNESS &&
        burst.equalShare <= MOST_EQUAL_AMOUNTS &&
        burst.expectedByChance <= LEAST_SURPRISING,
    )
    .map((burst) => toFinding(burst, context))
}

function toFinding(burst: FirstTimeBurst, context: DetectionContext): Finding {
  const { payments } = context
  const confidence = HIGHEST_CONFIDENCE * confidenceOfChance(burst.expectedByChance)
  const hours = burst.windowMs / 3_600_000
  const recipients = burst.payments.map((payment) => payments.to[payment] ?? 0).sort((a, b) => a - b)
  return {
    typology: 'RAPID_FANOUT',
    patternType: 'motif_fanout',
    detectionMethod: 'burst of first-time recipients in even pieces',
    members: [
      {
        id: burst.id,
        role: 'distributor',
        confidence,
        description: `Paid ${recipients.length} first-time recipients sums of about one size within ${hours} hours; ${burst.usual.toFixed(1)} would be usual.`,
      },
      ...recipients.map((id) => ({
        id,
        role: 'receiver',
        confidence: confidence * RECIPIENT_CERTAINTY,
        description: `One of ${recipients.length} first-time recipients whom ${context.addressOf(burst.id)} paid sums of about one size within ${hours} hours.`,
      })),
    ],
    rows: rowsOfPayments(payments, burst.payments),
    expectedByChance: burst.expectedByChance,
    evidence: {
      recipients: recipients.length,
      windowHours: hours,
      usualInSuchAWindow: Math.round(burst.usual * 1e6) / 1e6,
      unevenness: Math.round(burst.unevenness * 1e6) / 1e6,
    },
    riskIndicators: ['many_recipients', 'burst_activity', 'rapid_distribution'],
    suspectedAddressType: 'wallet',
  }
}
