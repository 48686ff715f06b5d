import { silentLogger, StorageError } from '@subnetkit/core'
import { expect, it } from 'vitest'

import { Patience } from './patience.ts'
import { WorkerWatch } from './worker-watch.ts'

/** A clock that only sleeping moves. */
function sleepingClock() {
  let nowMs = 0
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: async (ms: number) => void (nowMs += ms),
  }
}

it('tells that jobs wait for nobody at the second look, again each minute, and that somebody came', async () => {
  const clock = sleepingClock()
  const lines: string[] = []
  const tell = (_details: unknown, message: string): void =>
    void lines.push(`${clock.monotonicMs()} ${message.slice(0, 8)}`)
  let workers = 0
  const watch = new WorkerWatch({
    clock,
    log: { ...silentLogger, info: tell, warn: tell },
    countWorkers: async () => workers,
    countWaiting: async () => 3,
  })
  for (; clock.monotonicMs() <= 70_000; await clock.sleep(500)) await watch.look()
  expect(lines).toEqual(['2000 jobs wai', '62000 jobs wai'])
  workers = 1
  for (let looks = 0; looks < 20; looks++, await clock.sleep(500)) await watch.look()
  expect(lines.slice(2)).toHaveLength(1)
  expect(lines[2]).toMatch(/a worker/)
})

it('asks again while there is no answer, until patience ends, and not after another failure', async () => {
  const clock = sleepingClock()
  const patience = new Patience({ clock, lastsMs: 10_000, signal: new AbortController().signal })
  const away = new StorageError({ code: 'unavailable', message: 'away' })
  let asked = 0
  const answer = await patience.ask(async () => {
    if (++asked < 4) throw away
    return 'there'
  })
  expect([answer, asked]).toEqual(['there', 4])
  await expect(patience.ask(async () => await Promise.reject(away))).rejects.toBe(away)
  expect(clock.monotonicMs()).toBe(13_000)
  const other = new StorageError({ code: 'conflict', message: 'no' })
  await expect(patience.ask(async () => await Promise.reject(other))).rejects.toBe(other)
})
