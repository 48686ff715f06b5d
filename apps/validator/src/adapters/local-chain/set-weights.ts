import { maxUpscale } from '../../yuma/max-upscale.ts'
import { applied, refused, type ChainRefusal, type Transition } from './chain-refusal.ts'
import { uidOf, withNeuron, type LocalChainState } from './local-chain-state.ts'

const ROOT_NETUID = 0
const U16_MAX = 65_535

/** Weights that a hotkey signed. */
export interface SignedWeights {
  readonly hotkey: string
  readonly netuid: number
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly versionKey: bigint
}

/** Plain weights, which a subnet with commit-reveal refuses. The block is that of the state. */
export function setWeights(state: LocalChainState, weights: SignedWeights): Transition {
  if (state.parameters.commitRevealEnabled && weights.netuid === state.netuid) {
    return refused('CommitRevealEnabled')
  }
  return storeWeights(state, weights)
}

/**
 * What both plain and revealed weights go through, in the chain's order, so that of several faults the same one is
 * named. With commit-reveal the rate limit and the last update belong to the commit.
 */
export function storeWeights(state: LocalChainState, weights: SignedWeights): Transition {
  if (weights.netuid === ROOT_NETUID) return refused('CanNotSetRootNetworkWeights')
  if (weights.uids.length !== weights.values.length) return refused('WeightVecNotEqualSize')
  if (weights.netuid !== state.netuid) return refused('MechanismDoesNotExist')
  if (weights.uids.length > state.neurons.length) return refused('UidsLengthExceedUidsInSubNet')
  const uid = uidOf(state, weights.hotkey)
  if (uid === null) return refused('HotKeyNotRegisteredInSubNet')
  const problem = senderProblem(state, uid, weights) ?? vectorProblem(state, uid, weights)
  if (problem !== null) return refused(problem)
  const values = maxUpscale(weights.values)
  if (!isWithinLimit(values, state.parameters.maxWeightLimit) && !isSelfWeight(uid, weights)) {
    return refused('MaxWeightExceeded')
  }
  const stored = { weights: { uids: [...weights.uids], values } }
  const isDated = !state.parameters.commitRevealEnabled
  return applied(withNeuron(state, uid, { ...stored, ...(isDated ? { lastUpdate: state.block } : {}) }))
}

/** Whether the last update of a uid is long enough ago; 0 is never. */
export function isWithinRate(state: LocalChainState, uid: number): boolean {
  const lastUpdate = state.neurons[uid]?.lastUpdate ?? 0
  return lastUpdate === 0 || state.block - lastUpdate >= state.parameters.weightsRateLimit
}

function senderProblem(state: LocalChainState, uid: number, weights: SignedWeights): ChainRefusal | null {
  const { parameters, ownerHotkey } = state
  const neuron = state.neurons[uid]
  const isOwner = weights.hotkey === ownerHotkey
  if ((neuron?.stake ?? 0n) < parameters.stakeThreshold && !isOwner) return 'NotEnoughStakeToSetWeights'
  if (weights.versionKey < parameters.weightsVersionKey) return 'IncorrectWeightVersionKey'
  if (!parameters.commitRevealEnabled && !isWithinRate(state, uid)) return 'SettingWeightsTooFast'
  const mayValidate = neuron?.hasPermit === true || isOwner || isSelfWeight(uid, weights)
  return mayValidate ? null : 'NeuronNoValidatorPermit'
}

function vectorProblem(state: LocalChainState, uid: number, weights: SignedWeights): ChainRefusal | null {
  const { uids, values } = weights
  const size = state.neurons.length
  if (new Set(uids).size < uids.length) return 'DuplicateUids'
  if (uids.some((target) => target >= size)) return 'UidVecContainInvalidOne'
  const needed = Math.min(size, state.parameters.minAllowedWeights)
  return values.length >= needed || isSelfWeight(uid, weights) ? null : 'WeightVecLengthIsLow'
}

/** A single weight on oneself is how a neuron says that it is there: it needs neither permit nor company. */
function isSelfWeight(uid: number, { uids, values }: SignedWeights): boolean {
  return values.length === 1 && uids[0] === uid
}

function isWithinLimit(values: readonly number[], limit: number): boolean {
  if (limit === U16_MAX) return true
  const sum = values.reduce((total, value) => total + value, 0)
  return values.every((value) => value * U16_MAX <= limit * sum)
}
