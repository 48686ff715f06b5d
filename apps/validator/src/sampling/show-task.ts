import type { SampleKey, SamplingTask } from '@subnetkit/core'

import { keyOf } from './store-attempt.ts'

/** A task as `--json` prints it; times are UTC, ISO 8601. A lease's token stays untold: it is the right to complete. */
export interface ShownTask extends SampleKey {
  readonly status: string
  readonly attempts: number
  readonly maxAttempts: number
  readonly priority: number
  readonly notBefore: string
  readonly lease: { readonly owner: string; readonly expiresAt: string } | null
  readonly lastError: SamplingTask['lastError']
  readonly sampleId: string | null
  readonly updatedAt: string
}

/** A task for `--json`. */
export function showTask(task: SamplingTask): ShownTask {
  const { lease, status, attempts, maxAttempts, priority, lastError, sampleId } = task
  return {
    ...keyOf(task),
    status,
    attempts,
    maxAttempts,
    priority,
    lastError,
    sampleId,
    notBefore: task.notBefore.toISOString(),
    lease: lease === null ? null : { owner: lease.owner, expiresAt: lease.expiresAt.toISOString() },
    updatedAt: task.updatedAt.toISOString(),
  }
}

/** Column heads that go with {@link taskRow}. */
export const taskHead = [
  'miner',
  'revision',
  'environment',
  'task',
  'status',
  'attempts',
  'last error',
] as const

/** A task as a row for a person. */
export function taskRow(task: SamplingTask): readonly string[] {
  const { minerHotkey, modelRevision, environment, generation, taskId, status, lastError } = task
  return [
    minerHotkey,
    modelRevision.slice(0, 12),
    environment,
    `${taskId} of generation ${generation}`,
    status,
    `${task.attempts} of ${task.maxAttempts}`,
    lastError === null ? '' : `${lastError.kind}: ${lastError.message}`,
  ]
}
