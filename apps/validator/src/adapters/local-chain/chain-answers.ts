import { ChainError, type HeldWeights, type Hyperparameters, type Metagraph } from '../../ports/chain.ts'
import { hashOfBlock, timeOfBlock } from './chain-time.ts'
import { openCommitBlocks } from './commit-weights.ts'
import { nextEpochBlock } from './local-epoch.ts'
import { uidOf, type LocalChainState } from './local-chain-state.ts'

/** What the subnet asks of weights. @throws ChainError `no_subnet` for any other subnet than its one. */
export function hyperparametersOf(state: LocalChainState, netuid: number): Hyperparameters {
  checkSubnet(state, netuid)
  const { parameters } = state
  return {
    netuid,
    tempo: parameters.tempo,
    weightsRateLimit: parameters.weightsRateLimit,
    minAllowedWeights: parameters.minAllowedWeights,
    maxWeightLimit: parameters.maxWeightLimit,
    weightsVersionKey: parameters.weightsVersionKey,
    commitRevealEnabled: parameters.commitRevealEnabled,
    revealPeriodEpochs: parameters.revealPeriodEpochs,
    activityCutoff: parameters.activityCutoff,
    stakeThreshold: parameters.stakeThreshold,
  }
}

/** The subnet at the state's block. @throws ChainError `no_subnet` */
export function describeSubnet(state: LocalChainState, netuid: number): Metagraph {
  checkSubnet(state, netuid)
  return {
    netuid,
    blockNumber: state.block,
    blockHash: hashOfBlock(state, state.block),
    at: timeOfBlock(state, state.block),
    epochBlock: state.lastEpochBlock,
    nextEpochBlock: nextEpochBlock(state),
    ownerHotkey: state.ownerHotkey,
    neurons: state.neurons.map(({ weights: _weights, bonds: _bonds, ...neuron }, uid) => ({
      uid,
      ...neuron,
    })),
  }
}

/** What the chain holds of a hotkey's weights. @throws ChainError `no_subnet`, `not_registered` */
export function heldBy(
  state: LocalChainState,
  { netuid, hotkey }: Readonly<{ netuid: number; hotkey: string }>,
): HeldWeights {
  checkSubnet(state, netuid)
  const uid = uidOf(state, hotkey)
  const neuron = uid === null ? undefined : state.neurons[uid]
  if (neuron === undefined) {
    throw new ChainError({
      code: 'not_registered',
      message: `${hotkey} is no neuron of subnet ${netuid} of the local chain`,
    })
  }
  const { lastUpdate, weights } = neuron
  return {
    blockNumber: state.block,
    lastUpdate,
    vector: weights,
    openCommits: openCommitBlocks(state, hotkey),
  }
}

function checkSubnet(state: LocalChainState, netuid: number): void {
  if (netuid === state.netuid) return
  throw new ChainError({
    code: 'no_subnet',
    message: `the local chain has no subnet ${netuid}: its one is ${state.netuid}`,
  })
}
