import { sha256 } from '@noble/hashes/sha2.js'

import { ChainError, type SubmitWeightsParams } from '../../ports/chain.ts'
import { type OpeningRule, revealOf } from '../../timelock/reveal-round.ts'
import { timeLock } from '../../timelock/time-lock.ts'
import { commitHash, saltOf, timelockedPayload } from '../../timelock/weights-payload.ts'
import type { HotkeySigner } from '../../wallet/hotkey-signer.ts'
import type { BlockAt } from './chain-session.ts'
import type { SubnetAt } from './read-subnet.ts'
import type { Runtime } from './runtime.ts'

/** Milliseconds between blocks where the runtime does not tell. */
const DEFAULT_BLOCK_TIME = 12_000

/** A call that brings weights, and the drand round that will open it; null where none does. */
export interface WeightsCall {
  readonly call: Uint8Array
  readonly revealRound: number | null
}

/** `set_weights`: the chain holds them at once. */
export function plainCall(runtime: Runtime, params: SubmitWeightsParams): WeightsCall {
  const { netuid, vector, versionKey } = params
  const dests = [...vector.uids]
  const weights = [...vector.values]
  const call = runtime.call('set_weights', { netuid, dests, weights, version_key: versionKey })
  return { call, revealRound: null }
}

/** `commit_weights`: a salted hash, which {@link revealCall} opens. */
export function hashCommitCall(
  runtime: Runtime,
  signer: HotkeySigner,
  params: SubmitWeightsParams,
): WeightsCall {
  const hash = commitHash({ ...params, hotkey: signer.publicKey, salt: saltFor(signer, params) })
  const commit_hash = `0x${Buffer.from(hash).toString('hex')}`
  return { call: runtime.call('commit_weights', { netuid: params.netuid, commit_hash }), revealRound: null }
}

/** `reveal_weights` for a commit of the same parameters. */
export function revealCall(
  runtime: Runtime,
  signer: HotkeySigner,
  params: Omit<SubmitWeightsParams, 'mechanism'>,
): WeightsCall {
  const { netuid, vector, versionKey } = params
  const call = runtime.call('reveal_weights', {
    netuid,
    uids: [...vector.uids],
    values: [...vector.values],
    salt: saltFor(signer, params),
    version_key: versionKey,
  })
  return { call, revealRound: null }
}

/** What a time-locked commit is made at: the newest block, final or not, because the commit gets into the next one. */
export interface TimeLockContext {
  readonly block: BlockAt
  readonly subnet: SubnetAt
  /** What the subnet calls its commit-reveal scheme; null in runtimes that do not ask for it. */
  readonly commitRevealVersion: number | null
}

/**
 * `commit_timelocked_weights`, or `commit_crv3_weights` in runtimes that lack it: the chain opens it by itself.
 * @throws ChainError `bad_answer` when the runtime has neither, or the subnet has no epochs.
 */
export function timelockedCommitCall(
  runtime: Runtime,
  signer: HotkeySigner,
  params: SubmitWeightsParams,
  context: TimeLockContext,
): WeightsCall {
  const { block, subnet, commitRevealVersion } = context
  const { nextEpochBlock, epochLength } = subnet.schedule
  if (nextEpochBlock === null) {
    throw new ChainError({
      code: 'bad_answer',
      message: `subnet ${params.netuid} has no epochs: nothing would ever open a time-locked commit`,
    })
  }
  const { round } = revealOf({
    blockNumber: block.blockNumber,
    at: subnet.at,
    blockTime: blockTimeOf(runtime),
    nextEpochBlock,
    epochLength,
    revealPeriodEpochs: subnet.hyperparameters.revealPeriodEpochs,
    opening: openingRuleOf(runtime),
  })
  const isCurrent = runtime.hasCall('commit_timelocked_weights')
  const form = isCurrent ? 'owned' : 'legacy'
  const plaintext = timelockedPayload({ ...params, hotkey: signer.publicKey }, form)
  // The payload is part of the label: a nonce that is used twice gives two keys nonetheless.
  const digest = Buffer.from(sha256(plaintext)).toString('hex')
  const entropy = signer.derive(`time lock ${params.netuid} ${round} ${params.nonce} ${digest}`)
  const commit = timeLock({ plaintext, round, entropy })
  const args = { netuid: params.netuid, commit, reveal_round: BigInt(round) }
  const call = isCurrent
    ? runtime.call('commit_timelocked_weights', { ...args, commit_reveal_version: commitRevealVersion ?? 4 })
    : runtime.call('commit_crv3_weights', args)
  return { call, revealRound: round }
}

function saltFor(
  signer: HotkeySigner,
  { netuid, nonce }: Readonly<{ netuid: number; nonce: string }>,
): number[] {
  return saltOf(signer.derive(`commit salt ${netuid} ${nonce}`))
}

/**
 * The first runtimes opened commits in an epoch's own block, once; those with `commit_timelocked_weights` in the first
 * block after it and again at each; since epochs are counted, in the epoch's own block and again at each.
 */
function openingRuleOf(runtime: Runtime): OpeningRule {
  if (!runtime.hasCall('commit_timelocked_weights')) return { opensAfter: 0, attempts: 'once' }
  return { opensAfter: runtime.hasStorage('LastEpochBlock') ? 0 : 1, attempts: 'retried' }
}

function blockTimeOf(runtime: Runtime): number {
  const slot = runtime.constant('Aura', 'SlotDuration')
  return typeof slot === 'bigint' && slot > 0n ? Number(slot) : DEFAULT_BLOCK_TIME
}
