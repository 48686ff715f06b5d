import { divide, sumOf } from './fixed-point.ts'

/** What an epoch pays, in rao per uid; each amount is floored, so that a few rao of the emission remain. */
export interface EpochEmission {
  readonly miners: readonly bigint[]
  readonly validators: readonly bigint[]
}

/** What the split of the emission depends on: shares per uid in units of 2⁻³². */
export interface EmissionShares {
  readonly incentive: Float64Array
  readonly dividends: Float64Array
  readonly activeStake: Float64Array
  readonly stake: Float64Array
}

/**
 * Incentive and dividends weigh the same: half goes to each side when both exist. When nobody earned either, validators
 * are paid by active stake, and by all stake when none is active.
 */
export function splitEmission(shares: EmissionShares, emission: bigint): EpochEmission {
  const total = sumOf(shares.incentive) + sumOf(shares.dividends)
  const pay = (share: number): bigint => (BigInt(share) * emission) >> 32n
  if (total > 0) {
    return {
      miners: Array.from(shares.incentive, (share) => pay(divide(share, total))),
      validators: Array.from(shares.dividends, (share) => pay(divide(share, total))),
    }
  }
  const byStake = sumOf(shares.activeStake) > 0 ? shares.activeStake : shares.stake
  return { miners: Array.from(byStake, () => 0n), validators: Array.from(byStake, pay) }
}
