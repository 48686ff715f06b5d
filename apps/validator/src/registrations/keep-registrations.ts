import type { Clock, Logger } from '@subnetkit/core'

import { syncText } from './sync-text.ts'
import type { SyncReport } from './sync-registrations.ts'

const HOUR_MS = 3_600_000
/** What failed is tried again after this, or at the next turn where that comes sooner. */
const RETRY_MS = 300_000
/** How long a sync that is at work may take to end by itself when nobody waits for it any more. */
const END_WITHIN_MS = 5_000

/** How the registry is kept up to the chain. */
export interface KeepRegistrationsParams {
  /** One sync. */
  readonly sync: (signal: AbortSignal) => Promise<SyncReport>
  /** Hours between two of them, asked before each wait. */
  readonly everyHours: (signal: AbortSignal) => Promise<number>
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
}

/**
 * Syncs at once and then every so many hours, beside whatever else goes on: nothing waits for it, and a sync that fails or
 * hangs is told in the log and tried again. Closing lets one that is at work end for some seconds, then breaks it off,
 * which the next one makes good.
 */
export function keepRegistrations(params: KeepRegistrationsParams): AsyncDisposable {
  const { clock, signal } = params
  const stopped = new AbortController()
  const broken = new AbortController()
  const working = AbortSignal.any([signal, broken.signal])
  const resting = AbortSignal.any([signal, stopped.signal, broken.signal])
  const ended = keepOn(params, working, resting)
  return {
    [Symbol.asyncDispose]: async () => {
      stopped.abort()
      const limit = new AbortController()
      const breakOff = clock.sleep(END_WITHIN_MS, limit.signal).then(
        () => broken.abort(),
        () => undefined,
      )
      await ended
      limit.abort()
      await breakOff
    },
  }
}

async function keepOn(
  params: KeepRegistrationsParams,
  working: AbortSignal,
  resting: AbortSignal,
): Promise<void> {
  const { clock, log } = params
  while (!resting.aborted) {
    const isDone = await syncOnce(params, working)
    if (resting.aborted) return
    try {
      const everyMs = (await params.everyHours(resting)) * HOUR_MS
      await clock.sleep(isDone ? everyMs : Math.min(everyMs, RETRY_MS), resting)
    } catch (error) {
      if (resting.aborted) return
      log.warn({ err: error }, 'it is not known how often miners are synced; trying again')
      await clock.sleep(RETRY_MS, resting).catch(() => undefined)
    }
  }
}

/** Whether nothing is left to be tried again. */
async function syncOnce({ sync, log }: KeepRegistrationsParams, working: AbortSignal): Promise<boolean> {
  try {
    const report = await sync(working)
    const { refusal, failures, changes, settled } = report
    const isDone = refusal === null && failures.length === 0
    if (!isDone) log.warn({ refusal, failures }, syncText(report))
    else if (changes.length > 0 || settled.length > 0) log.info({ changes: changes.length }, syncText(report))
    return isDone
  } catch (error) {
    if (!working.aborted) log.warn({ err: error }, 'miners could not be synced; trying again')
    return false
  }
}
