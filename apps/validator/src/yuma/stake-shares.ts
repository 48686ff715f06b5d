import { normalise, ONE } from './fixed-point.ts'
import type { EpochParameters } from './epoch-parameters.ts'
import type { SubnetState } from './subnet-state.ts'

/** Each uid's share of the stake that is not below the minimum, in units of 2⁻³²; zeros when nobody has any. */
export function stakeShares(state: SubnetState, parameters: EpochParameters): Float64Array {
  const counted = state.neurons.map(({ stake }, uid) => {
    const isExempt = parameters.isOwnerExempt && uid === state.ownerUid
    return stake >= parameters.minStake || isExempt ? stake : 0n
  })
  let total = 0n
  for (const stake of counted) total += stake
  if (total === 0n) return new Float64Array(counted.length)
  return Float64Array.from(counted, (stake) => Number((stake * BigInt(ONE)) / total))
}

/**
 * Who may set weights that count in the next epoch: the largest stakes above zero, at most `maxValidators` of them. Of
 * equal stakes at the edge the higher uid stays. An exempt owner has a permit besides.
 */
export function nextPermits(
  stake: Float64Array,
  parameters: EpochParameters,
  ownerUid: number | null,
): readonly boolean[] {
  const ascending = [...stake.keys()].sort((a, b) => (stake[a] ?? 0) - (stake[b] ?? 0) || a - b)
  const left = new Set(ascending.slice(0, Math.max(0, stake.length - parameters.maxValidators)))
  return Array.from(
    stake,
    (share, uid) => (share > 0 && !left.has(uid)) || (parameters.isOwnerExempt && uid === ownerUid),
  )
}

/** Whose weights are young enough to count at `block`. */
export function activeNeurons(
  state: SubnetState,
  parameters: EpochParameters,
  block: number,
): readonly boolean[] {
  return state.neurons.map(({ lastUpdate }) => lastUpdate + parameters.activityCutoff >= block)
}

/** The stake of active permit holders, as shares of their sum. */
export function activeStakeShares(
  state: SubnetState,
  stake: Float64Array,
  isActive: readonly boolean[],
): Float64Array {
  return normalise(
    stake.map((share, uid) => (isActive[uid] === true && state.neurons[uid]?.hasPermit === true ? share : 0)),
  )
}
