import type { LocalChainState } from './local-chain-state.ts'

/** What the chain says, by its own names, and what it means for who sent it. */
const refusals = {
  CommitRevealEnabled: 'the subnet takes commits only: choose a commit instead of plain weights',
  CommitRevealDisabled: 'the subnet takes plain weights only: commit-reveal is off',
  IncorrectCommitRevealVersion: 'the subnet takes another version of time-locked commits',
  CanNotSetRootNetworkWeights: 'netuid 0 is the root network: it takes no weights',
  WeightVecNotEqualSize: 'there must be as many values as uids',
  MechanismDoesNotExist: 'there is no such subnet',
  UidsLengthExceedUidsInSubNet: 'the vector is longer than the subnet',
  HotKeyNotRegisteredInSubNet: 'the hotkey that signed is no neuron of the subnet',
  NotEnoughStakeToSetWeights: 'the hotkey has less at stake than setting weights needs',
  IncorrectWeightVersionKey: 'the version key is below the one that the subnet asks for',
  SettingWeightsTooFast: 'the rate limit has not passed since the last weights',
  CommittingWeightsTooFast: 'the rate limit has not passed since the last commit',
  NeuronNoValidatorPermit: 'the neuron has no validator permit',
  DuplicateUids: 'a uid stands twice',
  UidVecContainInvalidOne: 'a uid is no neuron of the subnet',
  WeightVecLengthIsLow: 'the vector is shorter than the subnet asks for',
  MaxWeightExceeded: 'one weight is a larger share than the subnet allows',
  TooManyUnrevealedCommits: 'ten commits wait for their reveal',
  NoWeightsCommitFound: 'there is no commit to reveal',
  ExpiredWeightCommit: 'the epoch for the reveal is over',
  RevealTooEarly: 'the epoch for the reveal has not come',
  InvalidRevealCommitHashNotMatch: 'no commit has the hash of what was revealed',
  NoNeuronIdAvailable: 'the subnet is full and no neuron may be replaced',
  HotKeyAlreadyRegisteredInSubNet: 'the hotkey is a neuron of the subnet already',
} as const

/** The chain's name of a refusal. */
export type ChainRefusal = keyof typeof refusals

/** What came of a transaction: the state after it, or the chain's no, which changes nothing. */
export type Transition =
  | { readonly kind: 'applied'; readonly state: LocalChainState }
  | { readonly kind: 'refused'; readonly error: ChainRefusal }

/** A refusal in a sentence for a person. */
export function describeRefusal(error: ChainRefusal): string {
  return `${error}: ${refusals[error]}`
}

/** The state after a transaction. */
export function applied(state: LocalChainState): Transition {
  return { kind: 'applied', state }
}

/** A no of the chain. */
export function refused(error: ChainRefusal): Transition {
  return { kind: 'refused', error }
}
