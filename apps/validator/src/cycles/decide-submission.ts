import type { ScoreSnapshot, SubmissionMechanism, WeightCycle } from '@subnetkit/core'

import type { HeldWeights, Hyperparameters } from '../ports/chain.ts'
import type { SubmissionSettings } from './submission-settings.ts'

/** Errors of the chain after which the same weights may be taken at another time. All others need a person. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'SettingWeightsTooFast',
  'CommittingWeightsTooFast',
  'TooManyUnrevealedCommits',
  'not_landed',
  'reorganised',
  'not_revealed',
  'unreachable',
  // The pool's words for what is over by the next look: a rate limit, a number that another process took, a full pool.
  'RateLimitExceeded',
  'InvalidTransaction',
  'UnknownTransactionValidity',
  'TemporarilyBanned',
  'PriorityIsTooLow',
  'ImmediatelyDropped',
])

/** What a decision looks at. */
export interface DecisionInput {
  /** The newest cycle that was submitted or prepared; null without any. */
  readonly latest: WeightCycle | null
  readonly snapshot: ScoreSnapshot
  readonly held: HeldWeights
  readonly hyperparameters: Hyperparameters
  readonly settings: SubmissionSettings
}

/**
 * What to do now. `wait` says from which block on to look again; `refuse` that a person has to do something first;
 * `follow` that a submission is on its way already.
 */
export type SubmissionDecision =
  | { readonly kind: 'submit'; readonly mechanism: SubmissionMechanism; readonly retry: WeightCycle | null }
  | { readonly kind: 'follow' }
  | { readonly kind: 'wait'; readonly untilBlock: number; readonly why: string }
  | { readonly kind: 'refuse'; readonly reason: string; readonly why: string; readonly wayOut: string }

/** Decides by the chain's block, never by a clock of ours. */
export function decideSubmission(input: DecisionInput): SubmissionDecision {
  const { latest, snapshot, held, hyperparameters, settings } = input
  const head = held.blockNumber
  const age = head - snapshot.blockNumber
  if (latest !== null && ['submitted', 'included', 'revealed'].includes(latest.state))
    return { kind: 'follow' }
  if (age > settings.maxSnapshotAge) {
    return {
      kind: 'refuse',
      reason: 'old_scores',
      why: `the newest scores are of block ${snapshot.blockNumber}, ${age} blocks ago; at most ${settings.maxSnapshotAge} are allowed`,
      wayOut: 'sample and score again: validator sample run, validator scores compute',
    }
  }
  const isSame = latest?.snapshotId === snapshot.snapshotId
  const retry = isSame && latest.state !== 'effective' ? latest : null
  if (retry?.state === 'failed') {
    if (retry.attempts >= settings.maxAttempts) {
      return {
        kind: 'refuse',
        reason: 'attempts',
        why: `these weights failed ${retry.attempts} times, at last with ${retry.reason ?? 'an unknown reason'}`,
        wayOut: 'look at validator weights explain and the log; new scores make a new cycle',
      }
    }
    if (retry.reason !== null && !PASSING_ERRORS.has(retry.reason)) {
      return {
        kind: 'refuse',
        reason: retry.reason,
        why: `the chain refused these weights: ${retry.reason}`,
        wayOut: wayOutOf(retry.reason),
      }
    }
  }
  const lastBlock = held.lastUpdate
  const allowedFrom = lastBlock === 0 ? 0 : lastBlock + hyperparameters.weightsRateLimit
  if (head < allowedFrom) {
    const why = `weights were set at block ${lastBlock} and the subnet takes them every ${hyperparameters.weightsRateLimit} blocks`
    return { kind: 'wait', untilBlock: allowedFrom, why }
  }
  // The same weights again keep a validator active: half of the cutoff is early enough, and not a block sooner.
  const renewFrom = lastBlock + Math.floor(hyperparameters.activityCutoff / 2)
  if (isSame && latest.state === 'effective' && head < renewFrom) {
    return { kind: 'wait', untilBlock: renewFrom, why: 'these scores are in effect already' }
  }
  return { kind: 'submit', mechanism: mechanismOf(hyperparameters, settings), retry }
}

function mechanismOf(
  { commitRevealEnabled }: Hyperparameters,
  { mechanism }: SubmissionSettings,
): SubmissionMechanism {
  if (mechanism !== 'auto') return mechanism
  return commitRevealEnabled ? 'timelocked_commit' : 'plain'
}

/** What a person can do about an error of the chain. */
function wayOutOf(error: string): string {
  const ways: Readonly<Record<string, string>> = {
    CommitRevealEnabled: 'the subnet takes commits only: set "mechanism" to auto',
    CommitRevealDisabled: 'the subnet takes plain weights only: set "mechanism" to auto',
    HotKeyNotRegisteredInSubNet: 'register the validator’s hotkey on this subnet',
    NotEnoughStakeToSetWeights: 'add stake to the validator’s hotkey',
    IncorrectWeightVersionKey:
      'set "versionKey" to what the subnet asks for: validator chain status shows it',
    NeuronNoValidatorPermit:
      'the validator has no permit: it needs more stake than the others, from the next epoch on',
  }
  return ways[error] ?? 'validator chain status shows what the subnet asks for'
}
