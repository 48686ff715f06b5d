import type { MinerPerformance, MinerWeightTrace } from '@subnetkit/core'

/** A miner's columns that come from its trace. */
export type WeightColumns = Pick<
  MinerPerformance,
  | 'cycleId'
  | 'submittedWeight'
  | 'submittedValue'
  | 'rawCalculatedWeight'
  | 'excellenceWeight'
  | 'diversityWeight'
  | 'scoringPathway'
  | 'multiTaskBonus'
  | 'weightSubmissionBlock'
>

/** What a cycle's trace says of a miner's weight; all null without a trace, never what an earlier cycle said. */
export function weightColumns(
  trace: MinerWeightTrace | null,
  weightSubmissionBlock: number | null,
): WeightColumns {
  return {
    cycleId: trace?.cycleId ?? null,
    submittedWeight: trace?.submittedWeight ?? null,
    submittedValue: trace?.submittedValue ?? null,
    rawCalculatedWeight: trace?.raw ?? null,
    excellenceWeight: trace?.excellence ?? null,
    diversityWeight: trace?.diversity ?? null,
    scoringPathway: trace?.pathway ?? null,
    multiTaskBonus: trace?.bonus ?? null,
    weightSubmissionBlock: trace === null ? null : weightSubmissionBlock,
  }
}
