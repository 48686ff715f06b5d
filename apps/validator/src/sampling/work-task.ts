import type { Clock, Logger, Miner, Repositories, SamplingTask } from '@subnetkit/core'

import type { Environment } from '../ports/environment.ts'
import type { MinerClient } from '../ports/miner-client.ts'
import {
  askMiner,
  type Asked,
  type AskParams,
  conversationOf,
  sampleOf,
  sharedPromptOf,
} from './ask-miner.ts'
import { executionError } from './attempt-record.ts'
import type { HeldTask } from './held-leases.ts'
import { retriedSteps } from './retried-step.ts'
import { isSampled } from './sampled-miners.ts'
import type { SamplingSettings } from './sampling-settings.ts'
import { keyOf, lostReason, settleStored, storeAttempt, type StoreAttemptDeps } from './store-attempt.ts'

/** What working on a task needs. */
export interface WorkDeps {
  readonly repositories: Pick<Repositories, 'samples' | 'samplingTasks' | 'miners' | 'executionLogs'>
  readonly environments: ReadonlyMap<string, Environment>
  readonly minerClient: MinerClient
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  /** Names this process, for leases and logs. */
  readonly worker: string
  readonly validatorHotkey: string
  readonly blockNumberAt: (now: Date) => number
}

/**
 * How work on a task ended. `settled`: its sample was there already. `superseded`: another attempt's sample stands.
 * `lost`: the lease was. `released`: the miner is not sampled now, or we are asked to stop. `revoked`: the miner serves
 * another model.
 */
export type WorkOutcome =
  | 'scored'
  | 'miner_fault'
  | 'infrastructure_fault'
  | 'settled'
  | 'superseded'
  | 'lost'
  | 'released'
  | 'revoked'

/**
 * Takes one claimed task to its end: finds the miner, asks it, judges the answer and stores what came of it. Every step
 * may be repeated, by this worker or by the next one; see `storeAttempt` for their order.
 *
 * Rejects only for what no further task would fare better with, such as a table that is missing.
 */
export async function workTask(
  deps: WorkDeps,
  held: HeldTask,
  settings: SamplingSettings,
): Promise<WorkOutcome> {
  const { task, token } = held
  const step = retriedSteps({ clock: deps.clock, random: deps.random, log: deps.log, signal: held.signal })
  const store: StoreAttemptDeps = {
    repositories: deps.repositories,
    log: deps.log,
    now: () => deps.clock.now(),
    step,
  }
  try {
    return await attempt(deps, store, held, settings)
  } catch (error) {
    if (lostReason(error) !== null) return 'lost'
    if (held.signal.aborted) {
      if (error !== held.signal.reason) deps.log.debug({ err: error }, 'ended by an abort')
      return await giveBack(store, task, token)
    }
    throw error
  }
}

async function attempt(
  deps: WorkDeps,
  store: StoreAttemptDeps,
  held: HeldTask,
  settings: SamplingSettings,
): Promise<WorkOutcome> {
  const { task, token } = held
  const { miners, samples } = deps.repositories
  const environment = deps.environments.get(task.environment)
  if (environment === undefined) return await giveBack(store, task, token)
  const stored = await store.step('find sample', () => samples.find({ key: keyOf(task) }))
  const question = environment.generate(task.taskId)
  const sharedPrompt = sharedPromptOf(question)
  if (stored !== null) {
    const { pauseAfterErrors } = settings
    await settleStored(store, { task, token, sample: stored, sharedPrompt, pauseAfterErrors })
    return 'settled'
  }
  const miner = await store.step('find miner', () => miners.find({ hotkey: task.minerHotkey }))
  if (miner === null || !isSampled(miner, deps.clock.now())) return await giveBack(store, task, token)
  if (miner.modelHash !== task.modelHash || miner.modelRevision !== task.modelRevision) {
    return await revokeStale(store, task, miner)
  }
  const startedMs = deps.clock.monotonicMs()
  const { clock, log, minerClient } = deps
  const asked = await askSafely(deps, held, {
    task,
    miner,
    environment,
    question,
    minerClient,
    clock,
    log,
    answerLimitMs: settings.answerLimitMs,
    signal: held.signal,
  })
  const takenAt = deps.clock.now()
  if (asked.kind === 'infrastructure_fault') {
    const durationMs = Math.round(deps.clock.monotonicMs() - startedMs)
    return await failAttempt(deps, store, held, { error: asked.error, durationMs })
  }
  const blockNumber = deps.blockNumberAt(takenAt)
  const { validatorHotkey } = deps
  const given = { task, miner, environment, question, validatorHotkey, blockNumber, takenAt }
  const result = await storeAttempt(store, {
    task,
    token,
    leaseMs: settings.leaseMs,
    attempt: {
      number: task.attempts,
      worker: deps.worker,
      outcome: asked.kind,
      error: asked.kind === 'scored' ? null : asked.error,
    },
    sample: sampleOf(asked, given),
    conversation: conversationOf(asked, given),
    sharedPrompt,
    pauseAfterErrors: settings.pauseAfterErrors,
  })
  return result.kind === 'stored' ? asked.kind : result.kind
}

/** An attempt that breaks off is our fault and never the miner's. */
async function askSafely(deps: WorkDeps, held: HeldTask, params: AskParams): Promise<Asked> {
  try {
    return await askMiner(params)
  } catch (error) {
    held.signal.throwIfAborted()
    deps.log.error({ ...keyOf(held.task), err: error }, 'an attempt broke off')
    const message = error instanceof Error ? error.message : String(error)
    const answer = { kind: 'infrastructure_fault', reason: 'attempt_failed', message, latencyMs: 0 } as const
    return { kind: answer.kind, answer, error: executionError(answer.reason, message) }
  }
}

async function failAttempt(
  deps: WorkDeps,
  store: StoreAttemptDeps,
  held: HeldTask,
  failure: Readonly<{ error: ReturnType<typeof executionError>; durationMs: number }>,
): Promise<WorkOutcome> {
  const { task, token } = held
  const { error, durationMs } = failure
  const finishedAt = deps.clock.now()
  const key = keyOf(task)
  const { executionLogs, samplingTasks } = store.repositories
  const entry = { ...key, attempt: task.attempts, worker: deps.worker, error, score: null, durationMs }
  await store.step('log attempt', () =>
    executionLogs.append({ log: { ...entry, outcome: 'infrastructure_fault', finishedAt } }),
  )
  const failed = await store.step('fail task', () =>
    samplingTasks.fail({ key, token, now: deps.clock.now(), error }),
  )
  const details = { ...key, attempt: task.attempts, error, status: failed.status }
  deps.log.warn(details, 'a miner could not be asked, through no fault of its own')
  return 'infrastructure_fault'
}

/** The attempt does not count, and another worker, or this one later, may claim it at once. */
async function giveBack(store: StoreAttemptDeps, task: SamplingTask, token: string): Promise<WorkOutcome> {
  try {
    await store.repositories.samplingTasks.release({ key: keyOf(task), token, now: store.now() })
    return 'released'
  } catch (error) {
    if (lostReason(error) === null) {
      // Its lease runs out by itself: nothing hangs on giving it back early.
      store.log.warn({ ...keyOf(task), err: error }, 'a task could not be given back; its lease will run out')
    }
    return 'lost'
  }
}

async function revokeStale(store: StoreAttemptDeps, task: SamplingTask, miner: Miner): Promise<WorkOutcome> {
  const revoke = { minerHotkey: miner.hotkey, exceptModelHash: miner.modelHash, now: store.now() }
  const { revoked } = await store.step('revoke', () => store.repositories.samplingTasks.revoke(revoke))
  store.log.info({ ...keyOf(task), revoked }, 'the miner serves another model: its open tasks are revoked')
  return 'revoked'
}
