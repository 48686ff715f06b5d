import {
  isStorageError,
  type Agent,
  type AgentUpload,
  type AgentVersion,
  type CallOptions,
  type Evaluation,
} from '@subnetkit/core'

import type { AgentFile, UploadDeps } from './upload-deps.ts'
import { agentIdOf, evaluationIdOf, versionIdOf } from './upload-ids.ts'

/** What an upload became. */
export interface StoredUpload {
  readonly agent: Agent
  readonly version: AgentVersion
  /** By validator. */
  readonly evaluations: readonly Evaluation[]
}

const REPLACED = 'a newer version was uploaded'
/** Evaluations of a version are as many as there are validators, uploads between two completed ones as there were crashes. */
const PAGE = 100

/**
 * Makes a checked file the next version of its hotkey's agent, in steps that may each be repeated and of which each leaves
 * what the next one needs: (1) the number is claimed for the content, (2) the file is kept, (3) the agent and (4) the
 * version are stored, (5) older versions' waiting evaluations are replaced, (6) one evaluation waits for each validator,
 * (7) the claim is completed. Ids follow from hotkey, number and validator, and times from the claim, so that a retry after
 * a crash at any point ends where one without a crash would have ended.
 *
 * @throws StorageError `conflict` with `details.reason` `other_content` when another content has the number.
 */
export async function storeUpload(
  deps: UploadDeps,
  file: AgentFile,
  options?: CallOptions,
): Promise<StoredUpload> {
  const { minerHotkey } = file
  const known = await deps.agents.agents.findByHotkey({ minerHotkey }, options)
  try {
    return await storeFor(deps, file, known?.agentId ?? agentIdOf(minerHotkey), options)
  } catch (error) {
    // An import came in between, or had claimed the hotkey before it was cut off: the agent has the id that it says.
    const holder = isStorageError(error, 'conflict') ? error.details['agentId'] : undefined
    if (typeof holder !== 'string') throw error
    return await storeFor(deps, file, holder, options)
  }
}

async function storeFor(
  deps: UploadDeps,
  file: AgentFile,
  agentId: string,
  options: CallOptions | undefined,
): Promise<StoredUpload> {
  const { minerHotkey, name, versionNum, sha256, content } = file
  const { agentUploads } = deps.repositories
  const now = deps.now()
  const versionId = versionIdOf({ agentId, versionNum })
  const ids = { minerHotkey, versionNum, agentId, versionId }
  const claimed = { ...ids, sha256, sizeBytes: content.byteLength, name, claimedAt: now }
  const upload = await agentUploads.claim({ upload: claimed, now }, options)
  await deps.code.put({ sha256, content })
  const agent = await storeAgent(deps, upload, now, options)
  const version = await storeVersion(deps, upload, now, options)
  if (upload.completedAt === null) {
    await replaceOlder(deps, upload, now, options)
    for (const validatorHotkey of await deps.evaluators()) {
      await createEvaluation(deps, { versionId, validatorHotkey, now }, options)
    }
    await replaceIfOlder(deps, upload, now, options)
    await agentUploads.complete({ ...ids, now }, options)
  }
  const { items } = await deps.agents.evaluations.list({ versionId, limit: PAGE }, options)
  return { agent, version, evaluations: items }
}

/** Never takes a number back: a process that was held up may come after a newer upload. */
async function storeAgent(
  { agents }: UploadDeps,
  upload: AgentUpload,
  now: Date,
  options: CallOptions | undefined,
): Promise<Agent> {
  const { agentId, minerHotkey, name, versionNum, claimedAt } = upload
  const stored = await agents.agents.find({ agentId }, options)
  if (stored !== null && stored.minerHotkey === minerHotkey && stored.latestVersion >= versionNum) {
    return stored
  }
  const times = { createdAt: claimedAt, lastUpdated: claimedAt }
  const agent = { agentId, minerHotkey, name, latestVersion: versionNum, ...times }
  return await agents.agents.put({ agent, now }, options)
}

/** Put only once: storing a version again would take its score away. */
async function storeVersion(
  { agents }: UploadDeps,
  upload: AgentUpload,
  now: Date,
  options: CallOptions | undefined,
): Promise<AgentVersion> {
  const { agentId, versionId, versionNum, claimedAt } = upload
  const stored = await agents.agentVersions.find({ versionId }, options)
  if (stored !== null) return stored
  const version = { versionId, agentId, versionNum, createdAt: claimedAt, score: null }
  return await agents.agentVersions.put({ version, now }, options)
}

/** Back to the newest older upload that was completed, which did the same for all before it. */
async function replaceOlder(
  deps: UploadDeps,
  upload: AgentUpload,
  now: Date,
  options: CallOptions | undefined,
): Promise<void> {
  const { minerHotkey, agentId, versionNum } = upload
  const { evaluations } = deps.agents
  let older = versionNum - 1
  for (; older >= 0; older -= 1) {
    const before = await deps.repositories.agentUploads.find({ minerHotkey, versionNum: older }, options)
    if (before === null) break
    await evaluations.replace({ versionId: before.versionId, reason: REPLACED, now }, options)
    if (before.completedAt !== null) return
  }
  // What was imported was never uploaded; its newest version is the one that may still wait.
  const imported = await deps.agents.agentVersions.findLatest({ agentId }, options)
  if (imported === null || imported.versionNum >= versionNum) return
  await evaluations.replace({ versionId: imported.versionId, reason: REPLACED, now }, options)
}

/** A newer upload may have gone through while this process was held up: then this version is the older one. */
async function replaceIfOlder(
  deps: UploadDeps,
  upload: AgentUpload,
  now: Date,
  options: CallOptions | undefined,
): Promise<void> {
  const { minerHotkey, versionId, versionNum } = upload
  const { items } = await deps.repositories.agentUploads.list({ minerHotkey, limit: 1 }, options)
  if ((items[0]?.versionNum ?? versionNum) <= versionNum) return
  await deps.agents.evaluations.replace({ versionId, reason: REPLACED, now }, options)
}

async function createEvaluation(
  { agents }: UploadDeps,
  wanted: Readonly<{ versionId: string; validatorHotkey: string; now: Date }>,
  options: CallOptions | undefined,
): Promise<void> {
  try {
    await agents.evaluations.create({ ...wanted, evaluationId: evaluationIdOf(wanted) }, options)
  } catch (error) {
    // The pair has one already, under an id that it was imported with.
    if (!isStorageError(error, 'conflict')) throw error
  }
}
