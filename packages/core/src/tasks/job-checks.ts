import { InputError } from '../errors/input-error.ts'
import type { AddJobParams } from './task-queue.ts'

/**
 * What a queue has for a task.
 *
 * @throws InputError when it knows no such task.
 */
export function findJobHandler<Handler>(handlers: Readonly<Record<string, Handler>>, task: string): Handler {
  const handler = Object.hasOwn(handlers, task) ? handlers[task] : undefined
  if (handler !== undefined) return handler
  throw new InputError({
    field: 'task',
    value: task,
    problem: 'is not a task of this queue',
    hint: `use one of ${Object.keys(handlers).join(', ')}`,
  })
}

/**
 * A job's context as it looks on the other side of a queue.
 *
 * @throws InputError when it has no JSON form.
 */
export function jobContextAsJson({ context, task }: Pick<AddJobParams, 'context' | 'task'>): unknown {
  try {
    const text: string | undefined = JSON.stringify(context)
    if (text === undefined) throw new TypeError('undefined has no JSON form')
    return JSON.parse(text)
  } catch (cause) {
    throw new InputError({
      field: `context of ${task}`,
      problem: `cannot cross a queue (${cause instanceof Error ? cause.message : String(cause)})`,
      hint: 'use plain JSON: text, finite numbers, true, false, null, lists and objects',
      cause,
    })
  }
}

/** The priority of a job that was given none. */
export const USUAL_PRIORITY = 100

/**
 * A job's priority, checked.
 *
 * @throws InputError when it is none.
 */
export function jobPriority({ priority = USUAL_PRIORITY }: Pick<AddJobParams, 'priority'>): number {
  if (Number.isInteger(priority) && priority >= 1 && priority <= 1_000) return priority
  throw new InputError({
    field: 'priority',
    value: priority,
    problem: 'is not a priority',
    hint: 'use a whole number from 1, which goes first, to 1000',
  })
}
