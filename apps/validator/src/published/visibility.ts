import type { MinerPerformance, WeightCycleState } from '@subnetkit/core'

/** States in which everybody can read the numbers on the chain. */
const PUBLIC_STATES: ReadonlySet<WeightCycleState> = new Set(['revealed', 'effective'])

/**
 * Whether a cycle's numbers may be told to everybody. Before the chain shows them they may not: another validator could
 * send them as its own. A failed cycle stays hidden too, since its numbers may be sent once more.
 */
export function isPublic({ state }: Readonly<{ state: WeightCycleState }>): boolean {
  return PUBLIC_STATES.has(state)
}

/** A miner's statistics without what would give a hidden cycle away; the scores stay, which samples tell anyway. */
export function withoutWeights(performance: MinerPerformance): MinerPerformance {
  return {
    ...performance,
    submittedWeight: null,
    submittedValue: null,
    rawCalculatedWeight: null,
    excellenceWeight: null,
    diversityWeight: null,
    scoringPathway: null,
    multiTaskBonus: null,
    tasks: performance.tasks.map((task) => ({
      ...task,
      weightScore: null,
      percentileRank: null,
      weightContribution: null,
      effectiveContribution: null,
      isQualified: false,
    })),
  }
}
