import { InputError, StorageError } from '@subnetkit/core'
import { z } from 'zod'

import { signUpload, type SignUploadParams } from './sign-upload.ts'

/** What to upload, and where. */
export interface SendUploadParams extends Pick<SignUploadParams, 'signer' | 'content'> {
  readonly url: string
  readonly name: string
  /** Null for the one that the server names. */
  readonly versionNum: number | null
  /** The validator's hotkey; null for the one that the server names. */
  readonly audience: string | null
  readonly now: () => Date
  readonly newNonce: () => string
}

const uploadedSchema = z.looseObject({
  agent: z.looseObject({ agentId: z.string(), name: z.string() }),
  version: z.looseObject({ versionId: z.string(), versionNum: z.int() }),
  queue: z.array(z.looseObject({ validatorHotkey: z.string(), status: z.string() })),
})
const aboutSchema = z.looseObject({ validatorHotkey: z.string() })
const standingSchema = z.looseObject({ nextVersionNum: z.int().min(0) })
const failureSchema = z.object({
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() }),
})

/**
 * Uploads an agent as a miner.
 *
 * @throws InputError with the server's own words when it refuses; StorageError `unavailable` when it does not answer.
 */
export async function sendUpload(
  params: SendUploadParams,
  options: Readonly<{ signal: AbortSignal }>,
): Promise<z.infer<typeof uploadedSchema>> {
  const { signer, url, name, content } = params
  const base = url.replace(/\/+$/, '')
  const ask = async <T>(target: string, schema: z.ZodType<T>, init: RequestInit = {}): Promise<T> =>
    await request(base, target, schema, { ...init, ...options })
  const audience = params.audience ?? (await ask('/v1/about', aboutSchema)).validatorHotkey
  const next = `/v1/agent-uploads/next?minerHotkey=${signer.hotkey}`
  const versionNum = params.versionNum ?? (await ask(next, standingSchema)).nextVersionNum
  const query = new URLSearchParams({ name, versionNum: String(versionNum) })
  const target = `/v1/agents?${query.toString()}`
  const signed = { signer, audience, target, content, now: params.now(), nonce: params.newNonce() }
  const body = Uint8Array.from(content)
  return await ask(target, uploadedSchema, { method: 'POST', headers: signUpload(signed), body })
}

async function request<T>(base: string, target: string, schema: z.ZodType<T>, init: RequestInit): Promise<T> {
  let reply: Response
  let body: unknown
  try {
    reply = await fetch(`${base}${target}`, init)
    body = await reply.json()
  } catch (cause) {
    init.signal?.throwIfAborted()
    throw new StorageError({ code: 'unavailable', message: `${base} gives no answer of a validator`, cause })
  }
  const found = schema.safeParse(body)
  if (reply.ok && found.success) return found.data
  const failure = failureSchema.safeParse(body).data?.error
  throw new InputError({
    field: `${base}${target.split('?')[0] ?? ''}`,
    problem: `answered ${reply.status}${failure === undefined ? '' : ` ${failure.code}: ${failure.message}`}`,
    hint: failure?.hint ?? 'correct the upload, or ask the operator',
  })
}
