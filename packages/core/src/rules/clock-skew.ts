import { showValue } from '../errors/input-error.ts'
import { StorageError } from '../errors/storage-error.ts'

/** How far another machine's clock may run ahead of ours, in milliseconds: what it dates later is refused. */
export const MAX_CLOCK_SKEW_MS = 60_000

/**
 * Refuses a time that has not come yet: stored once, it would be the newest for as long as it lies ahead.
 *
 * @param field what the caller knows the time by.
 * @throws StorageError `invalid_input`.
 */
export function checkNotFuture(field: string, time: Date, now: Date): void {
  if (time.getTime() <= now.getTime() + MAX_CLOCK_SKEW_MS) return
  throw new StorageError({
    code: 'invalid_input',
    message: `${field}: ${showValue(time)} lies after ${showValue(now)}; set the clock that gave it`,
    details: { field },
  })
}
