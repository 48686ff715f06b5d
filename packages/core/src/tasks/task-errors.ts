/** A task was still at work when its time limit passed. */
export class TaskTimeoutError extends Error {
  override readonly name = 'TaskTimeoutError'
  readonly task: string
  /** The limit that passed, in ms. */
  readonly timeLimitMs: number

  constructor(task: string, timeLimitMs: number) {
    super(`task ${task} was not done within its time limit of ${timeLimitMs} ms`)
    this.task = task
    this.timeLimitMs = timeLimitMs
  }
}

/** Recognises a {@link TaskTimeoutError}, also one of another installed copy of this package. */
export function isTaskTimeoutError(error: unknown): error is TaskTimeoutError {
  return error instanceof Error && error.name === 'TaskTimeoutError'
}

/** Somebody asked the process to stop; the reason of {@link createShutdown}'s signal. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
  /** 130 for SIGINT, 143 for SIGTERM, as shells expect it. */
  readonly exitCode: number

  constructor(signalName: string, exitCode: number) {
    super(`interrupted by ${signalName}`)
    this.exitCode = exitCode
  }
}

/** Recognises an {@link InterruptedError}, also one of another installed copy of this package. */
export function isInterruptedError(error: unknown): error is InterruptedError {
  return error instanceof Error && error.name === 'InterruptedError' && 'exitCode' in error
}
