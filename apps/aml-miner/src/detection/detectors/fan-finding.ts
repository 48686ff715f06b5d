import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import type { FanDirection } from '../graph/first-time-bursts.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'

/** A fan as the detector found it. */
export interface Fan {
  readonly id: number
  readonly direction: FanDirection
  readonly partners: readonly number[]
  /** Where the sum went, or came from. */
  readonly far: readonly number[]
  readonly rows: readonly number[]
  readonly windowMs: number
  readonly usual: number
  readonly passedShare: number | null
  readonly expectedByChance: number
}

const PARTNER_CERTAINTY = 0.9

/** Says it: the centre, its partners, and where the sum went on to or came from. */
export function fanFinding(fan: Fan, context: DetectionContext): Finding {
  const { id, direction, rows, expectedByChance } = fan
  const partners = [...new Set(fan.partners)].sort((a, b) => a - b)
  const far = [...new Set(fan.far)].filter(
    (other) => other !== id && context.isHub[other] === 0 && !partners.includes(other),
  )
  const confidence = confidenceOfChance(expectedByChance)
  const hours = fan.windowMs / 3_600_000
  const center = context.addressOf(id)
  const isIn = direction === 'in'
  const partnerSentence = `One of ${partners.length} addresses that ${isIn ? 'paid' : 'were paid by'} ${center} within ${hours} hours.`
  return {
    typology: isIn ? 'MOTIF_FANIN' : 'MOTIF_FANOUT',
    patternType: isIn ? 'motif_fanin' : 'motif_fanout',
    detectionMethod: 'burst of first-time counterparties whose sum passed through',
    members: [
      {
        id,
        role: isIn ? 'collector' : 'distributor',
        confidence,
        description: `${isIn ? 'Collected from' : 'Paid out to'} ${partners.length} first-time counterparties within ${hours} hours (${fan.usual.toFixed(1)} would be usual) ${isIn ? 'and passed the sum on' : 'a sum it had just received'}.`,
      },
      ...partners.map((partner) => ({
        id: partner,
        role: isIn ? 'sender' : 'receiver',
        confidence: confidence * PARTNER_CERTAINTY,
        description: partnerSentence,
      })),
      ...far.map((other) => ({
        id: other,
        role: isIn ? 'exit' : 'funder',
        confidence: confidence * PARTNER_CERTAINTY,
        description: isIn
          ? `Received what ${center} had collected from ${partners.length} addresses.`
          : `Provided what ${center} then paid out to ${partners.length} addresses.`,
      })),
    ],
    rows,
    expectedByChance,
    evidence: {
      firstTimeCounterparties: partners.length,
      windowHours: hours,
      usualInSuchAWindow: Math.round(fan.usual * 1e6) / 1e6,
      passedShare: fan.passedShare === null ? null : Math.round(fan.passedShare * 1e6) / 1e6,
    },
    riskIndicators: isIn
      ? ['fund_collection', 'aggregation_behavior']
      : ['fund_dispersal', 'broadcasting_behavior'],
    suspectedAddressType: partners.length > 50 ? 'institutional' : 'wallet',
  }
}
