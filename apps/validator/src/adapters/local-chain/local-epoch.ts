import { toU16 } from '../../yuma/fixed-point.ts'
import type { EpochParameters } from '../../yuma/epoch-parameters.ts'
import { runEpoch } from '../../yuma/run-epoch.ts'
import type { SubnetState, U16Row } from '../../yuma/subnet-state.ts'
import { openCommitBlocks, revealDue } from './commit-weights.ts'
import type { LocalChainParameters } from './local-chain-parameters.ts'
import { uidOf, type LocalChainState, type LocalNeuron } from './local-chain-state.ts'

/** What Yuma is asked at an epoch. */
export interface EpochInput {
  readonly state: SubnetState
  readonly parameters: EpochParameters
  /** A row per uid, uids ascending. */
  readonly weights: readonly U16Row[]
}

/** The block of the next epoch, by the rule that the chain has since May 2026; null when there is none. */
export function nextEpochBlock({ lastEpochBlock, parameters }: LocalChainState): number | null {
  return parameters.tempo === 0 ? null : lastEpochBlock + parameters.tempo
}

/**
 * The start of a block in which an epoch runs: first the time-locked commits that are due are opened, then consensus pays
 * by what the chain holds. The owner has a permit whatever its stake.
 */
export function runLocalEpoch(before: LocalChainState, block: number): LocalChainState {
  const epoch = before.epoch + 1
  const state = { ...revealDue({ ...before, block }, epoch), epoch, lastEpochBlock: block }
  const input = epochInput(state)
  const { next, shares, emission, isActive } = runEpoch(input.state, input.parameters, input.weights, block)
  const neurons = state.neurons.map((neuron, uid): LocalNeuron => {
    const bonds = next.bonds[uid]
    return {
      ...neuron,
      hasPermit: next.neurons[uid]?.hasPermit === true,
      isActive: isActive[uid] === true,
      incentive: toU16(shares.incentive[uid] ?? 0),
      dividends: toU16(shares.dividends[uid] ?? 0),
      consensus: toU16(shares.consensus[uid] ?? 0),
      validatorTrust: toU16(shares.validatorTrust[uid] ?? 0),
      emission: (emission.miners[uid] ?? 0n) + (emission.validators[uid] ?? 0n),
      bonds: { uids: [...(bonds?.uids ?? [])], values: [...(bonds?.values ?? [])] },
    }
  })
  return { ...state, neurons }
}

/** The subnet as the simulator of Yuma takes it, at the state's block and epoch. */
export function epochInput(state: LocalChainState): EpochInput {
  const ownerUid = state.ownerHotkey === null ? null : uidOf(state, state.ownerHotkey)
  const neurons = state.neurons.map(({ hotkey, stake, hasPermit, lastUpdate, registeredAt }, uid) => ({
    stake,
    hasPermit: hasPermit || uid === ownerUid,
    lastUpdate,
    registeredAt,
    commitBlock: openCommitBlocks(state, hotkey)[0] ?? null,
  }))
  return {
    state: { neurons, ownerUid, bonds: state.neurons.map(({ bonds }) => bonds) },
    parameters: epochParameters(state.parameters),
    weights: state.neurons.map(({ weights }) => ascending(weights)),
  }
}

function epochParameters(parameters: LocalChainParameters): EpochParameters {
  return {
    yuma: parameters.yuma,
    kappa: parameters.kappa,
    bondsMovingAverage: parameters.bondsMovingAverage,
    bondsPenalty: parameters.bondsPenalty,
    liquidAlpha: parameters.liquidAlpha,
    maxValidators: parameters.maxValidators,
    tempo: parameters.tempo,
    activityCutoff: parameters.activityCutoff,
    minStake: parameters.stakeThreshold,
    isOwnerExempt: true,
    emission: parameters.emission,
  }
}

function ascending({ uids, values }: U16Row): U16Row {
  const order = [...uids.keys()].sort((a, b) => (uids[a] ?? 0) - (uids[b] ?? 0))
  return { uids: order.map((at) => uids[at] ?? 0), values: order.map((at) => values[at] ?? 0) }
}
