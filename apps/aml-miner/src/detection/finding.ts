import type { Evidence } from './evidence.ts'
import type { PatternType, Typology } from './typology.ts'

/** One address in a finding. */
export interface FindingMember {
  /** Address id. */
  readonly id: number
  /** What it does in the pattern: collector, mule, hop, … */
  readonly role: string
  /** How sure the detector is about this member, in [0, 1]. */
  readonly confidence: number
  /** One sentence that an operator understands. */
  readonly description: string
}

/** What a detector hands over: a pattern with its members, or, with one member and no pattern type, a rule that fired. */
export interface Finding {
  readonly typology: Typology
  /** '' when the finding is about an address alone. */
  readonly patternType: PatternType | ''
  readonly detectionMethod: string
  readonly members: readonly FindingMember[]
  /** The transfers that make it up, ascending. Empty for rules on features. */
  readonly rows: readonly number[]
  /**
   * How many findings at least this strong chance alone would give in the whole window; below 1 is surprising. 1 where
   * the detector has no such model.
   */
  readonly expectedByChance: number
  readonly evidence: Evidence
  readonly riskIndicators: readonly string[]
  readonly suspectedAddressType: string
}
