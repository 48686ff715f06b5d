import { agentSchema, type CallOptions, parseInput, versionNumSchema } from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import { RequestRefusal, type RequestRefusalOptions } from '@subnetkit/core/http'
import { z } from 'zod'

import { readUploadStanding } from './next-upload.ts'
import type { UploadDeps } from './upload-deps.ts'

/** A name that is harmless in every terminal, page and file name. */
const nameSchema = agentSchema.shape.name.regex(
  /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}])?$/u,
  'must be 1–64 letters, digits, spaces or . _ -, and begin and end with a letter or digit',
)

/** What an upload says of itself beside its content. */
export const uploadQuerySchema = z.strictObject({
  name: nameSchema,
  versionNum: numberFromText(versionNumSchema),
})

/** A request to upload, as far as it is known before its body. */
export interface UploadRequest {
  readonly minerHotkey: string
  readonly query: unknown
  /** Of the header; null when it is missing or no number. */
  readonly contentLength: number | null
}

/**
 * Everything that can be refused before a byte of the body is read, cheapest first: form and size, bans, registration, the
 * time since the last upload, the version's number, and an evaluation under way. The same upload again, as a retry sends it,
 * passes the last three: it is not another one.
 *
 * @throws RequestRefusal 403, 409, 413, 422 or 429, or 503 while uploads are misconfigured.
 * @throws InputError for a name or number that does not fit.
 */
export async function checkUploadRequest(
  deps: UploadDeps,
  request: UploadRequest,
  options?: CallOptions,
): Promise<void> {
  const { minerHotkey, contentLength } = request
  const { versionNum } = parseInput(uploadQuerySchema, request.query, { subject: 'query' })
  const { maxBytes, secondsBetween } = await deps.settings()
  if (contentLength === null) {
    throw refusal(422, 'length_required', 'the size of the file is not given', 'send a content-length')
  }
  if (contentLength > maxBytes) {
    throw refusal(413, 'too_large', `an agent's file has at most ${maxBytes} bytes`, 'send a smaller one')
  }
  await checkMiner(deps, minerHotkey, options)
  const now = deps.now()
  const standing = await readUploadStanding(deps, { minerHotkey, secondsBetween, now }, options)
  if (versionNum === standing.latest?.versionNum) return
  const { notBefore, nextVersionNum } = standing
  if (notBefore !== null) {
    const when = `try again at ${notBefore.toISOString()}`
    throw refusal(429, 'too_early', `one upload in ${secondsBetween} s is taken of a hotkey`, when)
  }
  if (versionNum !== nextVersionNum) throw wrongVersion(nextVersionNum)
  if (standing.agent !== null) await checkIdle(deps, standing.agent.agentId, options)
}

/** The refusal of a version number that is not the next one. */
export function wrongVersion(nextVersionNum: number): RequestRefusal {
  const hint = `give versionNum=${nextVersionNum}`
  return refusal(409, 'wrong_version', `the next version of this agent is ${nextVersionNum}`, hint)
}

async function checkMiner(deps: UploadDeps, hotkey: string, options: CallOptions | undefined): Promise<void> {
  const { bans, miners } = deps.repositories
  const miner = await miners.find({ hotkey }, options)
  const ban = await bans.findInForce({ hotkey, coldkey: miner?.coldkey ?? null }, options)
  if (ban !== null) {
    throw refusal(403, 'banned', `this ${ban.subject} is banned: ${ban.reason}`, 'ask the operator')
  }
  if (miner === null || miner.uid === null) {
    const hint = 'register it, and wait until the validator has seen the chain say so'
    throw refusal(403, 'not_registered', 'this hotkey is no neuron of the subnet', hint)
  }
}

async function checkIdle(
  { agents }: UploadDeps,
  agentId: string,
  options: CallOptions | undefined,
): Promise<void> {
  const newest = await agents.agentVersions.findLatest({ agentId }, options)
  if (newest === null) return
  const { versionId, versionNum } = newest
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof agents.evaluations.list>> = await agents.evaluations.list(
      { versionId, limit: 100, cursor },
      options,
    )
    if (page.items.some(({ status }) => status === 'running')) {
      const hint = 'try again when it has ended'
      throw refusal(409, 'evaluation_running', `version ${versionNum} is being judged`, hint)
    }
    cursor = page.nextCursor
  } while (cursor !== null)
}

function refusal(
  status: RequestRefusalOptions['status'],
  code: string,
  message: string,
  hint: string,
): RequestRefusal {
  return new RequestRefusal({ status, code, message, hint })
}
