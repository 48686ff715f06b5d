import { describe, expect, it } from 'vitest'

import { checkpoint, createCheckpoint, isAbortError, throwIfAborted, yieldToEventLoop } from './abort.ts'
import { createClock } from './clock.ts'

describe('checkpoints', () => {
  it('let a timer fire inside a loop that only computes', async () => {
    const timer = new AbortController()
    setTimeout(() => timer.abort(), 1)
    for (let turn = 0; turn < 1_000_000 && !timer.signal.aborted; turn++) await yieldToEventLoop()
    expect(timer.signal.aborted).toBe(true)
  })

  it('throw the reason of the signal, as it is', async () => {
    const reason = new RangeError('enough')
    const signal = AbortSignal.abort(reason)
    expect(() => throwIfAborted(signal)).toThrow(reason)
    await expect(checkpoint(signal)).rejects.toBe(reason)
    await expect(createCheckpoint({ signal, monotonicMs: () => 0 })()).rejects.toBe(reason)
  })

  it('pass without a signal', async () => {
    expect(() => throwIfAborted(undefined)).not.toThrow()
    await expect(checkpoint(undefined)).resolves.toBeUndefined()
  })

  it('only take a turn when one is due', async () => {
    let nowMs = 0
    let turns = 0
    const pause = createCheckpoint({ monotonicMs: () => nowMs, everyMs: 20 })
    const count = async (): Promise<void> => {
      let turned = false
      setImmediate(() => {
        turned = true
      })
      await pause()
      if (turned) turns++
      await yieldToEventLoop()
    }
    await count()
    nowMs = 19
    await count()
    expect(turns).toBe(0)
    nowMs = 20
    await count()
    expect(turns).toBe(1)
    nowMs = 39
    await count()
    expect(turns).toBe(1)
  })

  it('knows an abort from a failure', () => {
    expect(isAbortError(new DOMException('x', 'AbortError'))).toBe(true)
    expect(isAbortError(AbortSignal.abort().reason)).toBe(true)
    expect(isAbortError(new Error('AbortError'))).toBe(false)
    expect(isAbortError('AbortError')).toBe(false)
  })
})

describe('createClock', () => {
  const clock = createClock({ now: () => 1_753_920_000_345 })

  it('reads its sources', () => {
    expect(clock.now().toISOString()).toBe('2025-07-31T00:00:00.345Z')
    expect(clock.monotonicMs()).toBe(1_753_920_000_345)
  })

  it('sleeps, and stops sleeping on abort', async () => {
    await expect(clock.sleep(1)).resolves.toBeUndefined()
    await expect(clock.sleep(-5)).resolves.toBeUndefined()
    const reason = new Error('stop')
    await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const sleeping = clock.sleep(60_000, controller.signal)
    controller.abort(reason)
    await expect(sleeping).rejects.toBe(reason)
  })

  it('does not wake at once from a sleep that is too long for a timer', async () => {
    const controller = new AbortController()
    const first = await Promise.race([
      clock.sleep(10_000_000_000, controller.signal).catch(() => 'aborted'),
      clock.sleep(20).then(() => 'short one'),
    ])
    controller.abort()
    expect(first).toBe('short one')
  })
})
