import { createManualClock, type ManualClock, silentLogger } from '@subnetkit/core'
import { expect, it } from 'vitest'

import { keepRegistrations } from './keep-registrations.ts'
import type { SyncReport } from './sync-registrations.ts'

const HOUR_MS = 3_600_000
const done: SyncReport = {
  netuid: 1,
  blockNumber: 1,
  refusal: null,
  changes: [],
  newcomers: [],
  unchanged: 0,
  settled: [],
  waiting: 0,
  failures: [],
}
const failed: SyncReport = {
  ...done,
  failures: [{ step: 'record', hotkey: null, uid: null, message: 'it is down' }],
}

/** Keeps with answers in turn, the last one for ever; counts the syncs. */
function keep(
  answers: readonly ((signal: AbortSignal) => Promise<SyncReport>)[],
  everyHours: () => Promise<number> = async () => 4,
): Readonly<{
  clock: ManualClock
  stop: AbortController
  kept: AsyncDisposable
  count: () => Promise<number>
}> {
  const clock = createManualClock(0)
  const stop = new AbortController()
  let syncs = 0
  const kept = keepRegistrations({
    sync: async (signal) => {
      const answer = answers[Math.min(syncs, answers.length - 1)]
      syncs += 1
      return (await answer?.(signal)) ?? done
    },
    everyHours,
    clock,
    log: silentLogger,
    signal: stop.signal,
  })
  const count = async (): Promise<number> => {
    await clock.advance(0)
    return syncs
  }
  return { clock, stop, kept, count }
}

const hanging = async (signal: AbortSignal): Promise<SyncReport> =>
  await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

it('syncs at once, and then every so many hours as they are configured by then', async () => {
  let hours = 4
  const { clock, kept, count } = keep([async () => done], async () => hours)
  expect(await count()).toBe(1)
  await clock.advance(4 * HOUR_MS - 1)
  expect(await count()).toBe(1)
  hours = 1
  await clock.advance(1)
  expect(await count()).toBe(2)
  await clock.advance(HOUR_MS)
  expect(await count()).toBe(3)
  await kept[Symbol.asyncDispose]()
  await clock.advance(24 * HOUR_MS)
  expect(await count()).toBe(3)
})

it.each([
  ['something failed', async () => failed],
  [
    'the chain said nothing',
    async () => ({
      ...done,
      refusal: { kind: 'refused', reason: 'no_answer', why: 'x', wayOut: 'y' } as const,
    }),
  ],
  ['it threw', async () => await Promise.reject(new Error('the store is down'))],
])('tries again after five minutes when %s', async (_name, first) => {
  const { clock, kept, count } = keep([first, async () => done])
  expect(await count()).toBe(1)
  await clock.advance(300_000)
  expect(await count()).toBe(2)
  await clock.advance(300_000)
  expect(await count()).toBe(2)
  await kept[Symbol.asyncDispose]()
})

it('goes on when it cannot read how often', async () => {
  const { clock, kept, count } = keep([async () => done], async () => await Promise.reject(new Error('down')))
  expect(await count()).toBe(1)
  await clock.advance(300_000)
  expect(await count()).toBe(2)
  await kept[Symbol.asyncDispose]()
})

it('never keeps anybody waiting: one that hangs is broken off five seconds after nobody needs it', async () => {
  const { clock, kept, count } = keep([hanging])
  await clock.advance(24 * HOUR_MS)
  expect(await count()).toBe(1)
  let isClosed = false
  const closing = kept[Symbol.asyncDispose]().then(() => (isClosed = true))
  await clock.advance(4_999)
  expect(isClosed).toBe(false)
  await clock.advance(1)
  await closing
  expect(isClosed).toBe(true)
})

it('ends at once when everything ends', async () => {
  const { stop, kept, count } = keep([hanging])
  expect(await count()).toBe(1)
  stop.abort()
  await kept[Symbol.asyncDispose]()
  expect(await count()).toBe(1)
})
