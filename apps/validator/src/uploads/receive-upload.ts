import { createHash } from 'node:crypto'

import { describeError, isStorageError, type AgentUploadAttempt, type CallOptions } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import { checkAgentCode } from './check-agent-code.ts'
import { wrongVersion } from './check-upload-request.ts'
import { readUploadStanding } from './next-upload.ts'
import { storeUpload, type StoredUpload } from './store-upload.ts'
import type { UploadDeps } from './upload-deps.ts'

/** An upload whose signature was right. */
export interface SignedUpload {
  readonly minerHotkey: string
  readonly name: string
  readonly versionNum: number
  readonly content: Uint8Array
  readonly clientAddress: string | null
}

/**
 * Takes in an upload that its hotkey has signed: checks its content, stores it, and logs the attempt whatever becomes of
 * it. A hotkey without places left in this hour is refused and not logged, so that nobody can fill the log.
 *
 * @throws RequestRefusal 409, 422 or 429.
 */
export async function receiveUpload(
  deps: UploadDeps,
  upload: SignedUpload,
  options?: CallOptions,
): Promise<StoredUpload> {
  const { minerHotkey } = upload
  const { attemptsPerHour } = await deps.settings()
  const place = { minerHotkey, maxPerHour: attemptsPerHour, now: deps.now() }
  if (!(await deps.repositories.agentUploadAttempts.admit(place, options))) {
    throw new RequestRefusal({
      status: 429,
      code: 'too_many_attempts',
      message: `${attemptsPerHour} uploads of a hotkey are looked at in an hour`,
      hint: 'try again in the next hour',
    })
  }
  try {
    const stored = await checkAndStore(deps, upload, options)
    await logAttempt(deps, upload, { outcome: 'accepted', code: null })
    return stored
  } catch (error) {
    const isRefused = error instanceof RequestRefusal
    const code = isRefused ? error.code : describeError(error).code
    await logAttempt(deps, upload, { outcome: isRefused ? 'refused' : 'failed', code })
    throw error
  }
}

async function checkAndStore(
  deps: UploadDeps,
  upload: SignedUpload,
  options: CallOptions | undefined,
): Promise<StoredUpload> {
  const { minerHotkey, versionNum, content } = upload
  const sha256 = createHash('sha256').update(content).digest('hex')
  const held = await deps.repositories.agentUploads.find({ minerHotkey, versionNum }, options)
  if (held !== null && held.sha256 !== sha256) throw await nextVersion(deps, minerHotkey, options)
  // What holds its number was checked before: rules that changed since are for the next one.
  if (held === null) await checkContent(deps, content, options)
  try {
    return await storeUpload(deps, { ...upload, sha256 }, options)
  } catch (error) {
    if (!isStorageError(error, 'conflict') || error.details['reason'] !== 'other_content') throw error
    throw await nextVersion(deps, minerHotkey, options)
  }
}

async function checkContent(
  deps: UploadDeps,
  content: Uint8Array,
  options: CallOptions | undefined,
): Promise<void> {
  const { packages } = await deps.settings()
  let source: string
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw invalidCode(['the file is no UTF-8 text'], packages)
  }
  const { signal } = options ?? {}
  const violations = await checkAgentCode({ source, packages, ...(signal === undefined ? {} : { signal }) })
  if (violations.length > 0) throw invalidCode(violations, packages)
}

function invalidCode(violations: readonly string[], packages: readonly string[]): RequestRefusal {
  const also = packages.length === 0 ? '' : ` and ${packages.join(', ')}`
  return new RequestRefusal({
    status: 422,
    code: 'invalid_code',
    message: violations.join('; '),
    hint: `send one Python file that defines agent_main and imports only the standard library${also}`,
  })
}

async function nextVersion(
  deps: UploadDeps,
  minerHotkey: string,
  options: CallOptions | undefined,
): Promise<RequestRefusal> {
  const now = deps.now()
  const { nextVersionNum } = await readUploadStanding(deps, { minerHotkey, secondsBetween: 0, now }, options)
  return wrongVersion(nextVersionNum)
}

/** What is stored is stored: a log that fails changes no answer. */
async function logAttempt(
  deps: UploadDeps,
  upload: SignedUpload,
  end: Pick<AgentUploadAttempt, 'outcome' | 'code'>,
): Promise<void> {
  const { minerHotkey, name, versionNum, clientAddress, content } = upload
  const attempt = {
    ...end,
    minerHotkey,
    name,
    versionNum,
    clientAddress,
    attemptId: deps.newId(),
    at: deps.now(),
    sizeBytes: content.byteLength,
  }
  try {
    await deps.repositories.agentUploadAttempts.append({ attempt })
  } catch (error) {
    deps.log.error({ err: error, minerHotkey, ...end }, 'an attempt at an upload could not be logged')
  }
}
