import { blake2b } from '@noble/hashes/blake2.js'
import { z } from 'zod'

import { ChainError, type SubmissionOutcome } from '../../ports/chain.ts'
import type { ChainSession } from './chain-session.ts'
import { readExtrinsicResult } from './extrinsic-result.ts'
import { poolRefusalName } from './pool-refusal.ts'
import { RpcRefusal } from './rpc-refusal.ts'
import type { RpcSocket } from './rpc-socket.ts'

const statusSchema = z.union([
  z.string().transform((kind) => ({ kind, value: null })),
  z.record(z.string(), z.unknown()).transform((status) => {
    const [kind = 'nothing', value] = Object.entries(status)[0] ?? []
    return { kind, value }
  }),
])
const METHOD_NOT_FOUND = -32_601

/** What a submission needs. */
export interface SubmitExtrinsicParams {
  readonly extrinsic: Uint8Array
  /** Its drand round, for a time-locked commit. */
  readonly revealRound: number | null
  /** Milliseconds until a block with it must be final. */
  readonly finalityTimeout: number
}

/**
 * Sends an extrinsic once and waits until a final block has it. Never throws for what happened after it was sent: when
 * the connection breaks, time is up or the caller aborts, the outcome is `unknown`.
 *
 * @throws ChainError `bad_answer` when the node cannot take extrinsics at all.
 */
export async function submitExtrinsic(
  rpc: RpcSocket,
  session: ChainSession,
  params: SubmitExtrinsicParams,
  signal?: AbortSignal,
): Promise<SubmissionOutcome> {
  const extrinsic = `0x${Buffer.from(params.extrinsic).toString('hex')}`
  const extrinsicHash = `0x${Buffer.from(blake2b(params.extrinsic, { dkLen: 32 })).toString('hex')}`
  const limit = AbortSignal.timeout(params.finalityTimeout)
  const until = signal === undefined ? limit : AbortSignal.any([signal, limit])
  try {
    const seen = await waitForFinality(rpc, extrinsic, until)
    if (seen.kind !== 'final') return seen
    const { blockHash } = seen
    const result = await readExtrinsicResult(session, { blockHash, extrinsic }, until)
    const { blockNumber, error, origin } = result
    if (error === null) {
      return { kind: 'included', blockNumber, blockHash, extrinsicHash, revealRound: params.revealRound }
    }
    const message = `${origin === null ? '' : `${origin}.`}${error} in block ${blockNumber}`
    return { kind: 'rejected', error, message, blockNumber }
  } catch (cause) {
    if (cause instanceof RpcRefusal) return refusalOutcome(cause, extrinsicHash)
    if (cause instanceof ChainError) return unknown(`${cause.message}; extrinsic ${extrinsicHash}`)
    if (limit.aborted) {
      return unknown(`not final within ${params.finalityTimeout} ms; extrinsic ${extrinsicHash}`)
    }
    if (signal?.aborted === true) return unknown(`nobody waited any longer; extrinsic ${extrinsicHash}`)
    return unknown(`${String(cause).slice(0, 300)}; extrinsic ${extrinsicHash}`)
  }
}

type Seen = { readonly kind: 'final'; readonly blockHash: string } | SubmissionOutcome

async function waitForFinality(rpc: RpcSocket, extrinsic: string, signal: AbortSignal): Promise<Seen> {
  const subscription = {
    method: 'author_submitAndWatchExtrinsic',
    params: [extrinsic],
    stopMethod: 'author_unwatchExtrinsic',
  }
  let isElsewhere = false
  for await (const news of rpc.follow(subscription, signal)) {
    const status = statusSchema.safeParse(news).data
    switch (status?.kind) {
      case 'finalized':
        if (typeof status.value !== 'string') return unknown('the node named no block that has the extrinsic')
        return { kind: 'final', blockHash: status.value }
      case 'broadcast':
      case 'inBlock':
        isElsewhere = true
        break
      case 'invalid':
        // Once others have it, a stale nonce may only mean that it is in a block that this node has not seen.
        if (isElsewhere) return unknown('the extrinsic was passed on and is called invalid now')
        return {
          kind: 'rejected',
          error: 'InvalidTransaction',
          message: 'the node called the extrinsic invalid before it passed it on',
          blockNumber: null,
        }
      case 'dropped':
      case 'usurped':
      case 'finalityTimeout':
        return unknown(`the node does not follow the extrinsic any more: ${status.kind}`)
      default: // ready, future, retracted: it may still land
    }
  }
  return unknown('the node stopped telling of the extrinsic')
}

function refusalOutcome(refusal: RpcRefusal, extrinsicHash: string): SubmissionOutcome {
  if (refusal.code === METHOD_NOT_FOUND) {
    throw new ChainError({ code: 'bad_answer', message: refusal.message, cause: refusal })
  }
  const error = poolRefusalName(refusal)
  if (error === null) return unknown(`${refusal.message}; extrinsic ${extrinsicHash}`)
  return { kind: 'rejected', error, message: refusal.message, blockNumber: null }
}

function unknown(message: string): SubmissionOutcome {
  return { kind: 'unknown', message }
}
