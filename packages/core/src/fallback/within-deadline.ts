import { StorageError } from '../errors/storage-error.ts'
import type { Clock } from '../tasks/clock.ts'

/** What bounds one call. */
export interface DeadlineParams {
  /** Names the call in the error. */
  readonly name: string
  readonly clock: Pick<Clock, 'sleep'>
  readonly timeLimitMs: number
  /** The caller's own. */
  readonly signal: AbortSignal | undefined
}

/**
 * Runs `call` until the limit. Its signal is aborted then, and it is waited for no longer, whether it looks at the signal
 * or not.
 *
 * @throws StorageError `timeout` past the limit; the caller's own reason once its signal is aborted.
 */
export async function withinDeadline<Result>(
  { name, clock, timeLimitMs, signal }: DeadlineParams,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  const own = new AbortController()
  const ended = new AbortController()
  const forward = (): void => own.abort(signal?.reason)
  signal?.addEventListener('abort', forward, { once: true })
  const cut = new Promise<never>((_resolve, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason), { once: true })
  })
  clock.sleep(timeLimitMs, ended.signal).then(
    () => own.abort(pastLimit(name, timeLimitMs)),
    () => {
      // The call ended first.
    },
  )
  try {
    const running = call(own.signal)
    // What it says after it was cut off is nobody's business any more.
    running.catch(() => undefined)
    return await Promise.race([running, cut])
  } finally {
    cut.catch(() => undefined)
    ended.abort(null)
    signal?.removeEventListener('abort', forward)
  }
}

function pastLimit(name: string, timeLimitMs: number): StorageError {
  return new StorageError({
    code: 'timeout',
    message: `${name}: no answer within ${timeLimitMs} ms`,
    details: { operation: name, timeLimitMs },
  })
}
