import { InputError } from '@subnetkit/core'
import { z } from 'zod'

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
import type { HotkeySigner } from '../../wallet/hotkey-signer.ts'
import { checkVector } from '../check-vector.ts'
import { integerSchema, u16NumberSchema } from './chain-numbers.ts'
import { ChainSession, parseAnswer, type BlockAt } from './chain-session.ts'
import { readHeldWeights } from './read-held-weights.ts'
import { readMetagraph } from './read-metagraph.ts'
import { readSubnet } from './read-subnet.ts'
import { RpcSocket } from './rpc-socket.ts'
import type { Runtime } from './runtime.ts'
import { MORTAL_BLOCKS, signExtrinsic } from './sign-extrinsic.ts'
import { submitExtrinsic } from './submit-extrinsic.ts'
import {
  hashCommitCall,
  plainCall,
  revealCall,
  timelockedCommitCall,
  type TimeLockContext,
  type WeightsCall,
} from './weights-calls.ts'

/** A node, a key and how long things may take. */
export interface SubtensorChainParams {
  readonly url: string
  /** The node as a person may see it: without what is secret in the address. */
  readonly description: string
  /** Null for a chain that is only read. */
  readonly signer: HotkeySigner | null
  /** Milliseconds. */
  readonly answerTimeout: number
  readonly finalityTimeout: number
}

const nowSchema = z.object({ at: integerSchema })
const versionSchema = z.object({ version: u16NumberSchema })

/** Bittensor's own chain, by a node that speaks JSON-RPC. Reads are of its newest final block. */
export class SubtensorChain implements Chain {
  readonly description: string
  readonly landsWithin = MORTAL_BLOCKS
  readonly #params: SubtensorChainParams
  readonly #rpc: RpcSocket
  readonly #session: ChainSession
  /** Extrinsics of one account are numbered: the next one is made when the last one is settled. */
  #lastSubmission: Promise<unknown> = Promise.resolve()

  constructor(params: SubtensorChainParams) {
    const { url, description, answerTimeout } = params
    this.description = description
    this.#params = params
    this.#rpc = new RpcSocket({ url, description, answerTimeout })
    this.#session = new ChainSession(this.#rpc)
  }

  async head(options: ChainOptions = {}): Promise<ChainHead> {
    const { block, runtime } = await this.#final(options)
    const question = { at: { pallet: 'Timestamp', item: 'Now', args: [] } }
    const read = await this.#session.read(runtime, block.blockHash, question, options.signal)
    return { ...block, at: new Date(parseAnswer(nowSchema, 'the time of a block', read).at) }
  }

  async hyperparameters(
    { netuid }: Readonly<{ netuid: number }>,
    options: ChainOptions = {},
  ): Promise<Hyperparameters> {
    const final = await this.#final(options)
    const subnet = await readSubnet(this.#session, { ...final, netuid }, options.signal)
    return subnet.hyperparameters
  }

  async metagraph({ netuid }: Readonly<{ netuid: number }>, options: ChainOptions = {}): Promise<Metagraph> {
    const final = await this.#final(options)
    const metagraph = await readMetagraph(this.#session, { ...final, netuid }, options.signal)
    await this.#session.checkStillThere(final.block, options.signal)
    return metagraph
  }

  async submitWeights(params: SubmitWeightsParams, options: ChainOptions = {}): Promise<SubmissionOutcome> {
    return await this.#submit(params, options, async (runtime, signer) => {
      switch (params.mechanism) {
        case 'plain':
          return plainCall(runtime, params)
        case 'hash_commit':
          return hashCommitCall(runtime, signer, params)
        case 'timelocked_commit': {
          const context = await this.#timeLockContext(runtime, params.netuid, options)
          return timelockedCommitCall(runtime, signer, params, context)
        }
      }
    })
  }

  async revealWeights(
    params: Omit<SubmitWeightsParams, 'mechanism'>,
    options: ChainOptions = {},
  ): Promise<SubmissionOutcome> {
    return await this.#submit(params, options, async (runtime, signer) => revealCall(runtime, signer, params))
  }

  async heldWeights(
    params: Readonly<{ netuid: number; hotkey: string }>,
    options: ChainOptions = {},
  ): Promise<HeldWeights> {
    const final = await this.#final(options)
    return await readHeldWeights(this.#session, { ...final, ...params }, options.signal)
  }

  async close(): Promise<void> {
    await this.#rpc.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #final({ signal }: ChainOptions): Promise<{ block: BlockAt; runtime: Runtime }> {
    const block = await this.#session.finalised(signal)
    return { block, runtime: await this.#session.runtimeAt(block.blockHash, signal) }
  }

  async #timeLockContext(
    runtime: Runtime,
    netuid: number,
    { signal }: ChainOptions,
  ): Promise<TimeLockContext> {
    const block = await this.#session.newest(signal)
    const subnet = await readSubnet(this.#session, { runtime, block, netuid }, signal)
    if (!runtime.hasStorage('CommitRevealWeightsVersion')) return { block, subnet, commitRevealVersion: null }
    const question = { version: { item: 'CommitRevealWeightsVersion', args: [] } }
    const read = await this.#session.read(runtime, block.blockHash, question, signal)
    const { version } = parseAnswer(versionSchema, 'the version of commit-reveal', read)
    return { block, subnet, commitRevealVersion: version }
  }

  async #submit(
    params: Omit<SubmitWeightsParams, 'mechanism'>,
    options: ChainOptions,
    makeCall: (runtime: Runtime, signer: HotkeySigner) => Promise<WeightsCall>,
  ): Promise<SubmissionOutcome> {
    const { signer, finalityTimeout } = this.#params
    if (signer === null) {
      throw new InputError({
        field: 'hotkey',
        problem: 'is missing, and weights are signed with it',
        hint: 'open the chain with a wallet or a seed',
      })
    }
    checkVector(params)
    const submission = this.#lastSubmission.then(async () => {
      const { signal } = options
      const { block, runtime } = await this.#final(options)
      const { call, revealRound } = await makeCall(runtime, signer)
      const extrinsic = signExtrinsic(runtime, signer, call, {
        genesisHash: await this.#session.hashOf(0, signal),
        checkpoint: await this.#checkpoint(block, params.fromBlock, signal),
        nonce: await this.#session.ask(integerSchema, 'system_accountNextIndex', [signer.hotkey], signal),
      })
      const sent = { extrinsic, revealRound, finalityTimeout }
      return await submitExtrinsic(this.#rpc, this.#session, sent, signal)
    })
    this.#lastSubmission = submission.catch(() => undefined)
    return await submission
  }

  /** The final block from which on a chain may take an extrinsic: the one that is named, or the newest. */
  async #checkpoint(newest: BlockAt, from: number | undefined, signal?: AbortSignal): Promise<BlockAt> {
    if (from === undefined || from >= newest.blockNumber) return newest
    return { blockNumber: from, blockHash: await this.#session.hashOf(from, signal) }
  }
}
