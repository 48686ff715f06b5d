import { checkHotkey } from '@subnetkit/core/ss58'
import type {
  Chain,
  ChainHead,
  ChainOptions,
  HeldWeights,
  Hyperparameters,
  Metagraph,
  SubmissionOutcome,
  SubmitWeightsParams,
} from '../../ports/chain.ts'
import { checkVector } from '../check-vector.ts'
import { describeSubnet, heldBy, hyperparametersOf } from './chain-answers.ts'
import { describeRefusal, type Transition } from './chain-refusal.ts'
import { hashOfBlock, hashOfExtrinsic, timeOfBlock } from './chain-time.ts'
import { commitHash } from './commit-hash.ts'
import { commitSalt } from './commit-salt.ts'
import { commitHashOf, commitTimelocked, revealHash } from './commit-weights.ts'
import { COMMIT_REVEAL_VERSION } from './local-chain-parameters.ts'
import type { LocalChainState } from './local-chain-state.ts'
import { addStake, deregisterNeuron, registerNeuron, type Newcomer } from './register-neuron.ts'
import { setWeights, type SignedWeights } from './set-weights.ts'
import { SharedChain, type SharedChainParams } from './shared-chain.ts'

/** A {@link Chain} on this machine, with what only its owner can do: let neurons come and go. */
export interface LocalChain extends Chain {
  /** Registers a neuron in a block of its own; a full subnet hands over a uid. */
  register(newcomer: Newcomer, options?: ChainOptions): Promise<SubmissionOutcome>
  /** Gives the uid of a hotkey to a newcomer. */
  deregister(
    params: Readonly<{ hotkey: string; newcomer: Newcomer }>,
    options?: ChainOptions,
  ): Promise<SubmissionOutcome>
  /** Stakes rao on a neuron. */
  addStake(
    params: Readonly<{ hotkey: string; amount: bigint }>,
    options?: ChainOptions,
  ): Promise<SubmissionOutcome>
  /**
   * What honest validators measure from now on, 0 to 1 by hotkey: the other validators weigh by it. Who is not named keeps
   * its score, who is no neuron gets none. No transaction: it seals no block.
   */
  learnScores(scores: ReadonlyMap<string, number>, options?: ChainOptions): Promise<void>
  /** All that the chain knows, at the clock's block. */
  state(options?: ChainOptions): Promise<LocalChainState>
}

/** What {@link openLocalChain} needs. */
export interface OpenLocalChainParams extends SharedChainParams {
  /** Who signs. It need not be a neuron: then submissions are refused as the chain refuses them. */
  readonly signerHotkey: string
}

/**
 * The chain of a data folder, which several processes may have open at once. It behaves as Subtensor does, but that a
 * transaction makes its own block at once and that time-locked commits need no drand: they stay sealed until their epoch.
 * Nothing is done before the first call; each call throws a `StorageError` when the folder fails, `locked` when somebody
 * holds it for 15 s. @throws InputError for a signer that is no SS58 address.
 */
export function openLocalChain(params: OpenLocalChainParams): LocalChain {
  checkHotkey('signer hotkey', params.signerHotkey)
  return new FolderChain(params)
}

class FolderChain implements LocalChain {
  readonly description: string
  readonly #shared: SharedChain
  readonly #signer: string

  constructor({ signerHotkey, ...shared }: OpenLocalChainParams) {
    this.description = `local chain in ${shared.folder}`
    this.#shared = new SharedChain(shared)
    this.#signer = signerHotkey
  }

  async head(options?: ChainOptions): Promise<ChainHead> {
    const state = await this.state(options)
    const blockNumber = state.block
    return { blockNumber, blockHash: hashOfBlock(state, blockNumber), at: timeOfBlock(state, blockNumber) }
  }

  async hyperparameters(
    { netuid }: Readonly<{ netuid: number }>,
    options?: ChainOptions,
  ): Promise<Hyperparameters> {
    return hyperparametersOf(await this.state(options), netuid)
  }

  async metagraph({ netuid }: Readonly<{ netuid: number }>, options?: ChainOptions): Promise<Metagraph> {
    return describeSubnet(await this.state(options), netuid)
  }

  async heldWeights(
    params: Readonly<{ netuid: number; hotkey: string }>,
    options?: ChainOptions,
  ): Promise<HeldWeights> {
    return heldBy(await this.state(options), params)
  }

  async submitWeights(params: SubmitWeightsParams, options?: ChainOptions): Promise<SubmissionOutcome> {
    const weights = this.#sign(params)
    switch (params.mechanism) {
      case 'plain':
        return await this.#send((state) => setWeights(state, weights), options)
      case 'timelocked_commit':
        return await this.#send(
          (state) => commitTimelocked(state, { ...weights, commitRevealVersion: COMMIT_REVEAL_VERSION }),
          options,
        )
      case 'hash_commit': {
        const { hotkey, netuid } = weights
        const hash = commitHash({ ...weights, salt: commitSalt(hotkey, params.nonce) })
        return await this.#send((state) => commitHashOf(state, { hotkey, netuid, hash }), options)
      }
      default:
        return params.mechanism satisfies never
    }
  }

  async revealWeights(
    params: Omit<SubmitWeightsParams, 'mechanism'>,
    options?: ChainOptions,
  ): Promise<SubmissionOutcome> {
    const signed = this.#sign(params)
    const weights = { ...signed, salt: commitSalt(signed.hotkey, params.nonce) }
    return await this.#send((state) => revealHash(state, weights), options)
  }

  async register(newcomer: Newcomer, options?: ChainOptions): Promise<SubmissionOutcome> {
    return await this.#send((state) => registerNeuron(state, newcomer), options)
  }

  async deregister(
    params: Readonly<{ hotkey: string; newcomer: Newcomer }>,
    options?: ChainOptions,
  ): Promise<SubmissionOutcome> {
    return await this.#send((state) => deregisterNeuron(state, params), options)
  }

  async addStake(
    params: Readonly<{ hotkey: string; amount: bigint }>,
    options?: ChainOptions,
  ): Promise<SubmissionOutcome> {
    return await this.#send((state) => addStake(state, params), options)
  }

  async learnScores(scores: ReadonlyMap<string, number>, options?: ChainOptions): Promise<void> {
    await this.#shared.replaceScores(options?.signal, scores)
  }

  async state(options?: ChainOptions): Promise<LocalChainState> {
    return await this.#shared.read(options?.signal)
  }

  /** Nothing is held between two calls. */
  async close(): Promise<void> {
    await Promise.resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #sign(params: Omit<SubmitWeightsParams, 'mechanism'>): SignedWeights {
    const { netuid, vector, versionKey } = params
    checkVector(params)
    return { hotkey: this.#signer, netuid, uids: vector.uids, values: vector.values, versionKey }
  }

  async #send(
    transact: (state: LocalChainState) => Transition,
    options: ChainOptions | undefined,
  ): Promise<SubmissionOutcome> {
    const { outcome, state } = await this.#shared.transact(options?.signal, transact)
    const blockNumber = state.block
    if (outcome.kind === 'refused') {
      const { error } = outcome
      return { kind: 'rejected', error, message: describeRefusal(error), blockNumber }
    }
    const blockHash = hashOfBlock(state, blockNumber)
    const extrinsicHash = hashOfExtrinsic(state, state.extrinsics)
    return { kind: 'included', blockNumber, blockHash, extrinsicHash, revealRound: null }
  }
}
