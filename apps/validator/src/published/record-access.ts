import { type Clock, isStorageError, type Logger } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import type { RecordRepositories, RecordStore } from '../ports/record-store.ts'

/** How the record stands: `opening` for the first time, `open`, or `down` and tried again by itself. */
export type RecordState = 'opening' | 'open' | 'down'

/** The record for whoever serves it: there or not, it never holds up anything else. */
export interface RecordAccess {
  /** How it stands now. */
  readonly state: RecordState
  /** Reads from it. @throws RequestRefusal 503 while it is not open, or when it stopped answering. */
  read<Result>(question: (record: RecordRepositories) => Promise<Result>): Promise<Result>
}

/** What opening in the background needs. */
export interface OpenRecordParams {
  readonly open: (options: Readonly<{ signal: AbortSignal }>) => Promise<RecordStore>
  /** Reads ahead each time that it was opened, before anybody else may ask; when it fails, the record is not there. */
  readonly onOpen: (record: RecordRepositories) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/**
 * Opens the record beside whatever goes on, tries again when that fails, and opens it anew when its engine ended.
 * Closing ends the attempts and closes the record.
 */
export function openRecordInBackground(params: OpenRecordParams): RecordAccess & AsyncDisposable {
  const { clock, log } = params
  const ended = new AbortController()
  const held: { state: RecordState; store: RecordStore | null } = { state: 'opening', store: null }
  const keepOpen = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS
    while (!ended.signal.aborted) {
      try {
        await using store = await params.open({ signal: ended.signal })
        await params.onOpen(store.repositories)
        held.store = store
        held.state = 'open'
        pauseMs = FIRST_PAUSE_MS
        log.info({ record: store.description }, 'the record of weights is open')
        await untilAborted(AbortSignal.any([ended.signal, store.lost]))
      } catch (error) {
        if (ended.signal.aborted) return
        log.warn({ err: error, pauseMs }, 'the record of weights is not there; trying again later')
      } finally {
        held.store = null
        held.state = 'down'
      }
      await clock.sleep(pauseMs, ended.signal).catch(() => undefined)
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
    }
  }
  const running = keepOpen()
  return {
    get state() {
      return held.state
    },
    read: async (question) => {
      if (held.store === null) throw notThere(held.state)
      try {
        return await question(held.store.repositories)
      } catch (error) {
        throw isStorageError(error) && error.retryable ? notThere('down') : error
      }
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await running
    },
  }
}

function notThere(state: RecordState): RequestRefusal {
  return state === 'opening'
    ? new RequestRefusal({
        status: 503,
        code: 'record_opening',
        message: 'the record of weights is being opened',
        hint: 'try again in some seconds',
      })
    : new RequestRefusal({
        status: 503,
        code: 'record_down',
        message: 'the record of weights does not answer; everything else is served',
        hint: 'try again in a minute; the operator looks at ClickHouse (CLICKHOUSE_URL) and at the log of validator serve',
      })
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
