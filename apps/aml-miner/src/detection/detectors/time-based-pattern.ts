import type { FeatureColumns } from '@subnetkit/core'

import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import type { ruleFeatureNames } from '../rule-feature-names.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import { poissonTail } from '../statistics/poisson-tail.ts'

const FEWEST_TRANSFERS = 8
const LARGEST_SHARE_OF_WINDOW = 0.5
const HIGHEST_CONFIDENCE = 0.3

type RuleFeature = (typeof ruleFeatureNames)[number]

interface Clock {
  readonly feature: RuleFeature
  readonly leastRatio: number
  readonly when: string
  readonly riskIndicator: string
}

const clocks: readonly Clock[] = [
  {
    feature: 'night_transaction_ratio',
    leastRatio: 0.6,
    when: 'between 00:00 and 06:00 UTC',
    riskIndicator: 'night_activity',
  },
  {
    feature: 'weekend_transaction_ratio',
    leastRatio: 0.7,
    when: 'on Saturdays and Sundays, UTC',
    riskIndicator: 'weekend_activity',
  },
]

/**
 * TIME_BASED_PATTERN: an address whose transfers crowd into the night or the weekend, far beyond the window's own share
 * of such transfers. Who keeps it up for half of the window or longer has a habit: night in UTC is day somewhere. Reads
 * feature columns, off without them; the confidence stays below 0.3.
 */
export async function detectTimeBasedPatterns(context: DetectionContext): Promise<Finding[]> {
  const { features } = context.input
  if (features === undefined) {
    context.notices.push({
      code: 'rule_off',
      detector: 'TIME_BASED_PATTERN',
      message: 'off: no feature columns were given.',
    })
    return []
  }
  const surest = new Map<number, Crowd>()
  for (const clock of clocks) {
    await context.checkpoint()
    for (const crowd of crowdedInto(clock, features, context)) {
      const known = surest.get(crowd.id)
      if (known === undefined || crowd.expectedByChance < known.expectedByChance) surest.set(crowd.id, crowd)
    }
  }
  return [...surest.values()].map(toFinding)
}

function crowdedInto(clock: Clock, features: FeatureColumns, context: DetectionContext): Crowd[] {
  const columnOf = (name: RuleFeature): Float64Array | undefined => features.values[name]
  const ratio = columnOf(clock.feature)
  const between = columnOf('tx_total_count')
  const toSelf = columnOf('self_transfer_count')
  const spanDays = columnOf('activity_span_days')
  if (ratio === undefined || between === undefined) return []
  const countAt = (place: number): number => finite(between[place]) + finite(toSelf?.[place])
  let all = 0
  let crowded = 0
  for (let place = 0; place < features.addresses.length; place++) {
    all += countAt(place)
    crowded += Math.round(countAt(place) * finite(ratio[place]))
  }
  const usualShare = crowded / Math.max(1, all)
  const longestSpan = LARGEST_SHARE_OF_WINDOW * context.input.window.windowDays
  const crowds: Crowd[] = []
  for (const [place, address] of features.addresses.entries()) {
    const transfers = countAt(place)
    const own = finite(ratio[place])
    if (transfers < FEWEST_TRANSFERS || own <= clock.leastRatio) continue
    if (finite(spanDays?.[place]) > longestSpan) continue
    const id = context.idOf(address)
    if (id === -1 || context.isHub[id] === 1) continue
    const count = Math.round(transfers * own)
    const usual = transfers * usualShare
    const expectedByChance = clocks.length * features.addresses.length * poissonTail(count, usual)
    if (expectedByChance > context.options.maxExpectedByChance) continue
    crowds.push({ clock, id, transfers, count, usual, expectedByChance })
  }
  return crowds
}

function finite(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value
}

interface Crowd {
  readonly clock: Clock
  readonly id: number
  readonly transfers: number
  readonly count: number
  readonly usual: number
  readonly expectedByChance: number
}

function toFinding({ clock, id, transfers, count, usual, expectedByChance }: Crowd): Finding {
  return {
    typology: 'TIME_BASED_PATTERN',
    patternType: '',
    detectionMethod: 'transfers crowded into unusual hours or days',
    members: [
      {
        id,
        role: 'off-hours address',
        confidence: HIGHEST_CONFIDENCE * confidenceOfChance(expectedByChance),
        description: `${count} of ${transfers} transfers fell ${clock.when}; ${usual.toFixed(1)} would be usual in this window.`,
      },
    ],
    rows: [],
    expectedByChance,
    evidence: {
      feature: clock.feature,
      transfers,
      atThatTime: count,
      usual: Math.round(usual * 1e6) / 1e6,
    },
    riskIndicators: ['unusual_timing', clock.riskIndicator],
    suspectedAddressType: 'unknown',
  }
}
