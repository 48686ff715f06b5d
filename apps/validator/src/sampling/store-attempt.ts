import {
  type Conversation,
  isStorageError,
  type Logger,
  type NewSample,
  type Repositories,
  type Sample,
  type SampleKey,
  type SamplingTask,
} from '@subnetkit/core'

import { attemptOf, type AttemptRecord, logOfSample, withAttempt } from './attempt-record.ts'
import { pauseAfterErrors } from './pause-rule.ts'

/** What storing an attempt works with. */
export interface StoreAttemptDeps {
  readonly repositories: Pick<Repositories, 'samples' | 'samplingTasks' | 'miners' | 'executionLogs'>
  readonly log: Logger
  readonly now: () => Date
  /** Runs one step, which is safe to repeat; a caller that has the time repeats it while the store is not there. */
  readonly step: <T>(name: string, run: () => Promise<T>) => Promise<T>
}

/** An attempt that ended with an answer or with a fault of the miner's. */
export interface StoreAttemptParams {
  readonly task: SamplingTask
  /** Of the lease that the attempt was made under. */
  readonly token: string
  readonly leaseMs: number
  readonly attempt: AttemptRecord
  readonly sample: NewSample
  readonly conversation: Conversation
  readonly sharedPrompt: string | null
  readonly pauseAfterErrors: number
}

/** Why a lease does not count any more. */
export type LostReason = 'lease_lost' | 'revoked' | 'completed'

/**
 * What became of it: `stored` and counted; `superseded`, since another attempt had stored its sample first, which
 * stands; or `lost` before anything was stored, because the lease was.
 */
export type StoredAttempt =
  | { readonly kind: 'stored' | 'superseded'; readonly sample: Sample }
  | { readonly kind: 'lost'; readonly reason: LostReason }

/**
 * Keeps what came of an attempt, in steps that each may be repeated, so that a kill between any two neither loses nor
 * doubles anything:
 *
 * 1. the lease is confirmed: a task that was revoked, or that another worker holds by now, gets no sample;
 * 2. the sample is put if absent, which decides;
 * 3. the outcome is counted under the sample's id, and logged under the attempt's own number and time;
 * 4. the task is completed.
 *
 * After a kill between 2 and 4 the lease runs out, and the next worker finds the sample: {@link settleStored} does the
 * rest without asking the miner again. A model that changes between 1 and 2 leaves a sample of the old revision, which
 * is what it is.
 */
export async function storeAttempt(
  deps: StoreAttemptDeps,
  params: StoreAttemptParams,
): Promise<StoredAttempt> {
  const { task, token, leaseMs } = params
  const { samplingTasks, samples } = deps.repositories
  const key = keyOf(task)
  try {
    await deps.step('confirm lease', () => samplingTasks.heartbeat({ key, token, leaseMs, now: deps.now() }))
  } catch (error) {
    const reason = lostReason(error)
    if (reason === null) throw error
    deps.log.warn({ ...key, reason, attempt: params.attempt.number }, lostText(reason))
    return { kind: 'lost', reason }
  }
  const conversation = withAttempt(params.conversation, params.attempt)
  const put = await deps.step('store sample', () =>
    samples.put({ sample: params.sample, conversation, sharedPrompt: params.sharedPrompt }),
  )
  const isOwn = put.outcome === 'stored' || (await isStoredBy(deps, key, params.attempt))
  if (isOwn) await countAndLog(deps, put.sample, params.attempt, params.pauseAfterErrors)
  await completeTask(deps, { key, token, sampleId: put.sample.sampleId })
  return { kind: isOwn ? 'stored' : 'superseded', sample: put.sample }
}

/** A sample that was found where its task is still open, and the lease under which it was found. */
export interface SettleStoredParams {
  readonly task: SamplingTask
  readonly token: string
  readonly sample: Sample
  readonly sharedPrompt: string | null
  readonly pauseAfterErrors: number
}

/**
 * Finishes what a process that died began: puts the same sample again, which completes its mark among the present ones,
 * counts and logs it as that process would have, and completes the task.
 */
export async function settleStored(deps: StoreAttemptDeps, params: SettleStoredParams): Promise<void> {
  const { task, token, sharedPrompt } = params
  const { sampleId, conversationSha256: _hash, conversationBytes: _bytes, ...sample } = params.sample
  const key = keyOf(task)
  const conversation = await readConversation(deps, key)
  if (conversation !== null) {
    await deps.step('store sample', () =>
      deps.repositories.samples.put({ sample, conversation, sharedPrompt }),
    )
  }
  const attempt = attemptOf(conversation)
  if (attempt !== null && !(await isLogged(deps, params.sample, attempt))) {
    await countAndLog(deps, params.sample, attempt, params.pauseAfterErrors)
  }
  await completeTask(deps, { key, token, sampleId })
}

/** Counting comes before the log entry, so an entry says that the outcome was counted, however long ago. */
async function isLogged(deps: StoreAttemptDeps, sample: Sample, attempt: AttemptRecord): Promise<boolean> {
  const entry = logOfSample(sample, attempt)
  const from = entry.finishedAt
  const window = { from, to: new Date(from.getTime() + 1), now: deps.now() }
  const page = await deps.step('read log', () =>
    deps.repositories.executionLogs.list({ minerHotkey: sample.minerHotkey, ...window, limit: 1_000 }),
  )
  return page.items.some(
    (log) =>
      log.taskId === entry.taskId &&
      log.environment === entry.environment &&
      log.modelRevision === entry.modelRevision &&
      log.generation === entry.generation &&
      log.attempt === entry.attempt,
  )
}

async function countAndLog(
  deps: StoreAttemptDeps,
  sample: Sample,
  attempt: AttemptRecord,
  rowLength: number,
): Promise<void> {
  const { miners, executionLogs } = deps.repositories
  const hotkey = sample.minerHotkey
  const outcome = { hotkey, outcomeId: sample.sampleId, outcome: attempt.outcome, now: sample.takenAt }
  const miner = await deps.step('count outcome', () => miners.recordOutcome(outcome))
  if (attempt.outcome === 'miner_fault') {
    const now = deps.now()
    const { consecutiveErrors } = miner.statistics
    const pause = pauseAfterErrors({
      consecutiveErrors,
      pauseAfterErrors: rowLength,
      pause: miner.pause,
      now,
    })
    if (pause !== null) {
      await deps.step('pause miner', () => miners.pause({ hotkey, ...pause, now }))
      deps.log.warn({ minerHotkey: hotkey, until: pause.until }, `miner paused: ${pause.reason}`)
    }
  }
  await deps.step('log attempt', () => executionLogs.append({ log: logOfSample(sample, attempt) }))
}

async function completeTask(
  deps: StoreAttemptDeps,
  params: Readonly<{ key: SampleKey; token: string; sampleId: string }>,
): Promise<void> {
  try {
    await deps.step('complete task', () =>
      deps.repositories.samplingTasks.complete({ ...params, now: deps.now() }),
    )
  } catch (error) {
    const reason = lostReason(error)
    if (reason === null) throw error
    // The sample stands under its own revision; whoever holds the task now finds it there.
    deps.log.info({ ...params.key, reason }, 'the sample is stored, its task is not this worker’s any more')
  }
}

/** The key part of a task or a sample. */
export function keyOf(task: SampleKey): SampleKey {
  const { minerHotkey, modelRevision, environment, generation, taskId } = task
  return { minerHotkey, modelRevision, environment, generation, taskId }
}

/** Why a change was refused when that was for a lease that is lost; null for any other failure. */
export function lostReason(error: unknown): LostReason | null {
  if (!isStorageError(error, 'conflict')) return null
  const { reason } = error.details
  return reason === 'lease_lost' || reason === 'revoked' || reason === 'completed' ? reason : null
}

function lostText(reason: LostReason): string {
  const why = {
    lease_lost: 'its lease ran out and another worker may have it',
    revoked: 'it was revoked, because the miner serves another model',
    completed: 'another worker completed it',
  }[reason]
  return `an answer came too late and is dropped: ${why}`
}

/** Whether the sample that is there came of this attempt, whose answer from the store was lost. */
async function isStoredBy(deps: StoreAttemptDeps, key: SampleKey, own: AttemptRecord): Promise<boolean> {
  const stored = attemptOf(await readConversation(deps, key))
  return stored !== null && stored.number === own.number && stored.worker === own.worker
}

async function readConversation(deps: StoreAttemptDeps, key: SampleKey): Promise<Conversation | null> {
  return await deps.step('read conversation', () => deps.repositories.samples.findConversation({ key }))
}
