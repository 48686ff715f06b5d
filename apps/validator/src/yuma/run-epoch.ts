import { checkEpochInput } from './check-epoch-input.ts'
import { clipToConsensus, consensusOf, rowSums, stakeWeightedSums } from './consensus.ts'
import { splitEmission, type EpochEmission } from './epoch-emission.ts'
import type { EpochParameters } from './epoch-parameters.ts'
import { storedBonds, toStoredRow, weightsForBonds } from './bond-matrix.ts'
import { divide, fromU16, normalise, ONE } from './fixed-point.ts'
import { activeNeurons, activeStakeShares, nextPermits, stakeShares } from './stake-shares.ts'
import { EMPTY_ROW, type SubnetState, type U16Row } from './subnet-state.ts'
import { weightMatrix } from './weight-matrix.ts'
import { yuma2Bonds } from './yuma2-bonds.ts'
import { yuma3Bonds } from './yuma3-bonds.ts'

const MILLION = 1_000_000

/** What an epoch found, per uid; shares are whole numbers of 2⁻³² units. */
export interface EpochShares {
  readonly stake: Float64Array
  readonly activeStake: Float64Array
  readonly consensus: Float64Array
  /** The part of its weights that consensus granted a validator. */
  readonly validatorTrust: Float64Array
  /** What the clipped weights come to, before it is made a share of the whole. */
  readonly rank: Float64Array
  /** Rank over what it would be without the clip; the chain stored it until 2025-10-29. */
  readonly trust: Float64Array
  readonly incentive: Float64Array
  readonly dividends: Float64Array
}

/** An epoch's outcome. */
export interface EpochResult {
  /** The subnet after the epoch: new permits and bonds, all else as it was. */
  readonly next: SubnetState
  readonly shares: EpochShares
  readonly isActive: readonly boolean[]
  readonly emission: EpochEmission
}

/**
 * One epoch of Yuma consensus, bit by bit as the chain computes it in I32F32. `weights` holds a row per uid, as stored;
 * `block` is the one at which the epoch runs. Pure: neither argument is changed.
 *
 * @throws InputError when rows, uids or parameters do not fit together.
 */
export function runEpoch(
  state: SubnetState,
  parameters: EpochParameters,
  weights: readonly U16Row[],
  block: number,
): EpochResult {
  checkEpochInput(state, parameters, weights, block)
  const stake = stakeShares(state, parameters)
  const isActive = activeNeurons(state, parameters, block)
  const activeStake = activeStakeShares(state, stake, isActive)

  const uids = rowUids(state, weights, activeStake)
  const rowStake = Float64Array.from(uids, (uid) => activeStake[uid] ?? 0)
  const given = weightMatrix(state, weights, uids)
  const consensus = consensusOf(given, rowStake, fromU16(parameters.kappa))
  const clipped = clipToConsensus(given, consensus)
  const rank = stakeWeightedSums(clipped, rowStake)
  const unclippedRank = stakeWeightedSums(given, rowStake)
  const incentive = normalise(rank)

  const held = storedBonds(state, uids, Math.max(0, block - parameters.tempo))
  const bonding = weightsForBonds(given, clipped, fromU16(parameters.bondsPenalty))
  const rate = ONE - divide(parameters.bondsMovingAverage, MILLION)
  const { liquidAlpha } = parameters
  const { bonds, dividends } =
    parameters.yuma === 2
      ? yuma2Bonds(bonding, held, rowStake, incentive, rate)
      : yuma3Bonds({ weights: bonding, held, rowStake, incentive, consensus, rate, liquidAlpha })

  const permits = nextPermits(stake, parameters, state.ownerUid)
  const rowOf = new Map(uids.map((uid, row) => [uid, row]))
  return {
    next: {
      ownerUid: state.ownerUid,
      neurons: state.neurons.map((neuron, uid) => ({ ...neuron, hasPermit: permits[uid] === true })),
      bonds: state.neurons.map(({ hasPermit }, uid) => {
        const row = rowOf.get(uid)
        if (permits[uid] === true) return row === undefined ? EMPTY_ROW : toStoredRow(bonds, row)
        return hasPermit ? EMPTY_ROW : (state.bonds[uid] ?? EMPTY_ROW)
      }),
    },
    shares: {
      stake,
      activeStake,
      consensus,
      validatorTrust: rowSums(clipped),
      rank,
      trust: rank.map((sum, uid) => divide(sum, unclippedRank[uid] ?? 0)),
      incentive,
      dividends,
    },
    isActive,
    emission: splitEmission({ incentive, dividends, activeStake, stake }, parameters.emission),
  }
}

/** Who has a row in the matrices: active stake, weights with a permit, or bonds. Others cannot change any sum. */
function rowUids(state: SubnetState, weights: readonly U16Row[], activeStake: Float64Array): number[] {
  return [...state.neurons.entries()].flatMap(([uid, { hasPermit }]) => {
    const hasWeights = hasPermit && (weights[uid]?.uids.length ?? 0) > 0
    const hasBonds = (state.bonds[uid]?.uids.length ?? 0) > 0
    return hasWeights || hasBonds || (activeStake[uid] ?? 0) > 0 ? [uid] : []
  })
}
