import { InputError, type Miner, type SamplingTask } from '@subnetkit/core'

import type { EnvironmentTask } from '../ports/environment.ts'
import { sharedPromptOf } from '../sampling/ask-miner.ts'
import { boundedRun } from '../sampling/bounded-run.ts'
import { isSampled, readMiners, type SampledMiner } from '../sampling/sampled-miners.ts'
import { keyOf, lostReason, settleStored } from '../sampling/store-attempt.ts'
import { type ExecutorDeps, storeDepsOf, tokenOf } from './executor-deps.ts'

/** Tasks that are looked at together. */
const CONCURRENCY = 8

/** What an executor needs to work on one task. */
export interface OfferedTask {
  readonly task: SamplingTask
  readonly miner: SampledMiner
  readonly question: EnvironmentTask
}

/** A claim as an executor sends it. */
export interface ClaimForExecutorParams {
  readonly hotkey: string
  /** Chosen by the executor, new for each claim: the same again gives the same tasks again. */
  readonly claimId: string
  readonly environment: string
  readonly limit: number
}

/**
 * Takes tasks for an executor. Those that nobody should work on now (the miner rests, serves another model, or the
 * sample is there already) are given back, revoked or finished here, never left assigned; so fewer may come than were
 * asked for.
 */
export async function claimForExecutor(
  deps: ExecutorDeps,
  params: ClaimForExecutorParams,
): Promise<Readonly<{ token: string; offered: readonly OfferedTask[] }>> {
  const { claimId, environment: name, hotkey, limit } = params
  const environment = deps.environments.get(name)
  if (environment === undefined) {
    const known = [...deps.environments.keys()].join(', ')
    throw new InputError({
      field: 'body.environment',
      value: name,
      problem: 'is not an environment of this validator',
      hint: `use one of ${known}`,
    })
  }
  const { leaseMs } = await deps.settings()
  const now = deps.now()
  const { resting } = await readMiners(deps.repositories.miners, now)
  const token = tokenOf(hotkey, claimId)
  const tasks = await deps.repositories.samplingTasks.claim({
    environment: name,
    owner: hotkey,
    claimId: token,
    limit,
    leaseMs,
    now,
    exceptMiners: new Set(resting.map((miner) => miner.hotkey)),
  })
  const offered = new Map<SamplingTask, OfferedTask>()
  await boundedRun(tasks, CONCURRENCY, async (task) => {
    const question = environment.generate(task.taskId)
    const miner = await workableMiner(deps, { task, token, question })
    if (miner !== null) offered.set(task, { task, miner, question })
  })
  return { token, offered: tasks.flatMap((task) => offered.get(task) ?? []) }
}

/** The miner to ask; null when the task was dealt with otherwise. */
async function workableMiner(
  deps: ExecutorDeps,
  held: Readonly<{ task: SamplingTask; token: string; question: EnvironmentTask }>,
): Promise<SampledMiner | null> {
  const { task, token, question } = held
  const { miners, samples, samplingTasks } = deps.repositories
  const key = keyOf(task)
  const stored = await samples.find({ key })
  if (stored !== null) {
    const { pauseAfterErrors } = await deps.settings()
    const sharedPrompt = sharedPromptOf(question)
    await settleStored(storeDepsOf(deps), { task, token, sample: stored, sharedPrompt, pauseAfterErrors })
    return null
  }
  const miner = await miners.find({ hotkey: task.minerHotkey })
  if (miner !== null && servesAnotherModel(miner, task)) {
    await samplingTasks.revoke({
      minerHotkey: miner.hotkey,
      exceptModelHash: miner.modelHash,
      now: deps.now(),
    })
    return null
  }
  if (miner !== null && isSampled(miner, deps.now())) return miner
  try {
    await samplingTasks.release({ key, token, now: deps.now() })
  } catch (error) {
    if (lostReason(error) === null) throw error
  }
  return null
}

/** Whether the miner's model is no longer the one that a task asks about. */
export function servesAnotherModel(miner: Miner, task: SamplingTask): boolean {
  return miner.modelHash !== task.modelHash || miner.modelRevision !== task.modelRevision
}
