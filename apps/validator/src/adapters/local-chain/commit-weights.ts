import { applied, refused, type ChainRefusal, type Transition } from './chain-refusal.ts'
import { commitHash, type SaltedWeights } from './commit-hash.ts'
import { uidOf, withNeuron, type HashCommit, type LocalChainState } from './local-chain-state.ts'
import { isWithinRate, storeWeights, type SignedWeights } from './set-weights.ts'

/** A hotkey may have so many commits that wait. */
const MAX_OPEN_COMMITS = 10

/** Weights that stay sealed until their epoch. */
export interface TimelockedWeights extends SignedWeights {
  readonly commitRevealVersion: number
}

/** A time-locked commit: the chain opens it by itself at the start of its epoch. Its vector is not looked at before. */
export function commitTimelocked(state: LocalChainState, weights: TimelockedWeights): Transition {
  const { hotkey, netuid, uids, values, versionKey, commitRevealVersion } = weights
  const problem = commitProblem(state, netuid, hotkey, commitRevealVersion)
  if (problem !== null) return refused(problem)
  const { epoch, block } = state
  const waiting = state.timelockedCommits.filter(
    (commit) => commit.epoch === epoch && commit.hotkey === hotkey,
  )
  if (waiting.length >= MAX_OPEN_COMMITS) return refused('TooManyUnrevealedCommits')
  const commit = { hotkey, epoch, block, payload: { uids: [...uids], values: [...values], versionKey } }
  return dated({ ...state, timelockedCommits: [...state.timelockedCommits, commit] }, hotkey)
}

/** A hash commit: its hotkey reveals it in exactly the epoch that the reveal period names. */
export function commitHashOf(
  state: LocalChainState,
  { hotkey, netuid, hash }: Readonly<{ hotkey: string; netuid: number; hash: string }>,
): Transition {
  const problem = commitProblem(state, netuid, hotkey, null)
  if (problem !== null) return refused(problem)
  const mine = openHashCommits(state, hotkey)
  if (mine.length >= MAX_OPEN_COMMITS) return refused('TooManyUnrevealedCommits')
  const hashCommits = [
    ...otherHashCommits(state, hotkey),
    ...mine,
    { hotkey, epoch: state.epoch, block: state.block, hash },
  ]
  return dated({ ...state, hashCommits }, hotkey)
}

/** Opens a hash commit and lets its weights hold; commits before it are given up with it. */
export function revealHash(state: LocalChainState, weights: SaltedWeights): Transition {
  const { parameters, epoch } = state
  const { hotkey } = weights
  if (weights.netuid !== state.netuid) return refused('MechanismDoesNotExist')
  if (!parameters.commitRevealEnabled) return refused('CommitRevealDisabled')
  const hash = commitHash(weights)
  const open = openHashCommits(state, hotkey)
  const position = open.findIndex((commit) => commit.hash === hash)
  const found = open[position]
  if (found === undefined) {
    const isLate = state.hashCommits.some((commit) => commit.hotkey === hotkey && commit.hash === hash)
    if (isLate) return refused('ExpiredWeightCommit')
    return refused(open.length === 0 ? 'NoWeightsCommitFound' : 'InvalidRevealCommitHashNotMatch')
  }
  if (epoch !== found.epoch + parameters.revealPeriodEpochs) return refused('RevealTooEarly')
  const hashCommits = [...otherHashCommits(state, hotkey), ...open.slice(position + 1)]
  return storeWeights({ ...state, hashCommits }, weights)
}

/**
 * Opens the time-locked commits of the epoch that begins with the state's block, in their order. Whatever the chain would
 * refuse is dropped without a word, and so is what is older.
 */
export function revealDue(state: LocalChainState, epoch: number): LocalChainState {
  const due = epoch - state.parameters.revealPeriodEpochs
  const timelockedCommits = state.timelockedCommits.filter((commit) => commit.epoch > due)
  let opened: LocalChainState = { ...state, timelockedCommits }
  for (const { hotkey, payload } of state.timelockedCommits.filter((commit) => commit.epoch === due)) {
    const outcome = storeWeights(opened, { hotkey, netuid: state.netuid, ...payload })
    if (outcome.kind === 'applied') opened = outcome.state
  }
  return opened
}

/** The blocks of a hotkey's commits that still wait, ascending. */
export function openCommitBlocks(state: LocalChainState, hotkey: string): number[] {
  if (!state.parameters.commitRevealEnabled) return []
  const timelocked = state.timelockedCommits.filter(
    (commit) => commit.hotkey === hotkey && !isExpired(state, commit.epoch),
  )
  return [...openHashCommits(state, hotkey), ...timelocked].map(({ block }) => block).sort((a, b) => a - b)
}

function isExpired(state: LocalChainState, epoch: number): boolean {
  return state.epoch > epoch + state.parameters.revealPeriodEpochs
}

function openHashCommits(state: LocalChainState, hotkey: string): HashCommit[] {
  return state.hashCommits.filter((commit) => commit.hotkey === hotkey && !isExpired(state, commit.epoch))
}

function otherHashCommits(state: LocalChainState, hotkey: string): HashCommit[] {
  return state.hashCommits.filter((commit) => commit.hotkey !== hotkey)
}

function commitProblem(
  state: LocalChainState,
  netuid: number,
  hotkey: string,
  version: number | null,
): ChainRefusal | null {
  const { commitRevealEnabled, commitRevealVersion } = state.parameters
  if (netuid !== state.netuid) return 'MechanismDoesNotExist'
  if (!commitRevealEnabled) return 'CommitRevealDisabled'
  if (version !== null && version !== commitRevealVersion) return 'IncorrectCommitRevealVersion'
  const uid = uidOf(state, hotkey)
  if (uid === null) return 'HotKeyNotRegisteredInSubNet'
  return isWithinRate(state, uid) ? null : 'CommittingWeightsTooFast'
}

function dated(state: LocalChainState, hotkey: string): Transition {
  const uid = uidOf(state, hotkey)
  return applied(uid === null ? state : withNeuron(state, uid, { lastUpdate: state.block }))
}
