import { isDeepStrictEqual } from 'node:util'

import type { SampleKey, SamplingTask } from '@subnetkit/core'

import { executionError } from '../sampling/attempt-record.ts'
import { lostReason } from '../sampling/store-attempt.ts'
import { checkTokenOwner, type ExecutorDeps, leaseRefusal } from './executor-deps.ts'

/** An attempt that says nothing about the miner: the executor's own network, a restart, a full disk. */
export interface InfrastructureFault {
  readonly hotkey: string
  readonly key: SampleKey
  readonly token: string
  readonly reason: string
  readonly message: string
  readonly latencyMs: number
}

/**
 * Logs the attempt and puts the task back with its delay, or into quarantine after the last attempt. The same report
 * again, after a lost reply, has the same result while nobody claimed the task meanwhile.
 *
 * @throws RequestRefusal 403 when the lease is another's, 409 when it does not count any more.
 */
export async function failForExecutor(deps: ExecutorDeps, fault: InfrastructureFault): Promise<SamplingTask> {
  const { hotkey, key, token, latencyMs } = fault
  const { executionLogs, samplingTasks } = deps.repositories
  checkTokenOwner(hotkey, token)
  const error = executionError(fault.reason, fault.message)
  const task = await samplingTasks.find({ key, now: deps.now() })
  if (task === null) throw leaseRefusal('lease_lost')
  if (task.lease?.token !== token) {
    const isToldBefore = task.lease === null && isDeepStrictEqual(task.lastError, error)
    if (isToldBefore) return task
    throw leaseRefusal(task.status === 'revoked' || task.status === 'completed' ? task.status : 'lease_lost')
  }
  await executionLogs.append({
    log: {
      ...key,
      attempt: task.attempts,
      worker: hotkey,
      outcome: 'infrastructure_fault',
      error,
      score: null,
      durationMs: latencyMs,
      finishedAt: deps.now(),
    },
  })
  try {
    return await samplingTasks.fail({ key, token, error, now: deps.now() })
  } catch (failure) {
    const reason = lostReason(failure)
    throw reason === null ? failure : leaseRefusal(reason)
  }
}
