import { createHash } from 'node:crypto'

import { InputError } from '@subnetkit/core'

import { TaskDraws } from './task-draws.ts'

/** Tasks per environment: more than anyone samples in a generation, few enough to list. */
export const TASK_COUNT = 1_000_000

/** The seed for a miner's model: the first 8 bytes of the task's SHA-256, modulo 2^32, the same for all miners. */
export function modelSeed(environment: string, taskId: number): number {
  return createHash('sha256').update(`${environment}:${taskId}`, 'utf8').digest().readUInt32BE(4)
}

/**
 * The draws that a task is made from. With an empty secret anyone who has this code can make the task and its solution;
 * a secret that only the validators have keeps tasks unknown until they are asked.
 */
export function taskDraws(environment: string, taskId: number, secret: string): TaskDraws {
  return new TaskDraws(secret === '' ? `${environment}:${taskId}` : `${environment}:${taskId}:${secret}`)
}

/** @throws InputError unless the id is a whole number in [0, {@link TASK_COUNT}). */
export function checkTaskId(environment: string, taskId: number): void {
  if (Number.isInteger(taskId) && taskId >= 0 && taskId < TASK_COUNT) return
  throw new InputError({
    field: `taskId of ${environment}`,
    value: taskId,
    problem: 'does not exist',
    hint: `use a whole number from 0 to ${TASK_COUNT - 1}`,
  })
}
