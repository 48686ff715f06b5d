import type { LocalChainState } from './local-chain-state.ts'

/** Walks to the end of the next epoch, when that is not after `block`. */
export type NextTurn = (state: LocalChainState, block: number) => LocalChainState

/** As many epochs are left to be walked, so that the last stretch is never skipped. */
const LEFT_TO_WALK = 2

/**
 * Takes whole epochs towards `block` until the subnet repeats itself, then as many of those rounds at once as fit: a chain
 * that nobody looked at for a year costs some hundred epochs. Two states repeat each other when all that an epoch or a
 * rule of the chain can tell apart is the same, counted from their own block and epoch. Without a repeat it walks all the
 * way, which is the same outcome.
 */
export function skipRepeats(state: LocalChainState, block: number, nextTurn: NextTurn): LocalChainState {
  const { tempo } = state.parameters
  const epochsLeft = ({ lastEpochBlock }: LocalChainState): number =>
    Math.floor((block - lastEpochBlock) / tempo) - LEFT_TO_WALK
  let current = state
  // The state to compare with is renewed after 1, 2, 4, 8, … epochs: a round of any length is found.
  let reference = { print: fingerprint(state), epoch: state.epoch }
  let patience = 1
  while (epochsLeft(current) > 0) {
    current = nextTurn(current, block)
    const print = fingerprint(current)
    if (reference.print === print) {
      const round = current.epoch - reference.epoch
      return shifted(current, Math.max(0, Math.floor(epochsLeft(current) / round)) * round)
    }
    if (current.epoch - reference.epoch >= patience) {
      reference = { print, epoch: current.epoch }
      patience *= 2
    }
  }
  return current
}

/** What has happened longer ago than this is over for every rule of the chain, but for its order, which stays. */
function memory({ parameters }: LocalChainState): number {
  const { activityCutoff, weightsRateLimit, tempo, revealPeriodEpochs } = parameters
  return Math.max(activityCutoff, weightsRateLimit, tempo * (revealPeriodEpochs + 2))
}

function isRecent(state: LocalChainState, block: number): boolean {
  return state.block - block <= memory(state)
}

function isOpen(state: LocalChainState, epoch: number): boolean {
  return state.epoch <= epoch + state.parameters.revealPeriodEpochs
}

function fingerprint(state: LocalChainState): string {
  const age = (block: number): number | null => (isRecent(state, block) ? state.block - block : null)
  const commits = [...state.hashCommits, ...state.timelockedCommits]
    .filter(({ epoch }) => isOpen(state, epoch))
    .map((commit) => ({ ...commit, epoch: state.epoch - commit.epoch, block: age(commit.block) }))
  const neurons = state.neurons.map((neuron) => ({
    ...neuron,
    isNew: neuron.lastUpdate === 0,
    lastUpdate: age(neuron.lastUpdate),
    registeredAt: age(neuron.registeredAt),
  }))
  return JSON.stringify({ neurons, commits }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
}

/** The state so many epochs later, given that they repeat: what is recent was done again in each round. */
function shifted(state: LocalChainState, epochs: number): LocalChainState {
  const blocks = epochs * state.parameters.tempo
  const later = <Commit extends { readonly epoch: number; readonly block: number }>(
    commit: Commit,
  ): Commit =>
    isOpen(state, commit.epoch)
      ? { ...commit, epoch: commit.epoch + epochs, block: commit.block + blocks }
      : commit
  return {
    ...state,
    block: state.block + blocks,
    lastEpochBlock: state.lastEpochBlock + blocks,
    epoch: state.epoch + epochs,
    neurons: state.neurons.map((neuron) =>
      isRecent(state, neuron.lastUpdate) ? { ...neuron, lastUpdate: neuron.lastUpdate + blocks } : neuron,
    ),
    hashCommits: state.hashCommits.map(later),
    timelockedCommits: state.timelockedCommits.map(later),
  }
}
