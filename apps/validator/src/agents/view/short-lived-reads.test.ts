import { describe, expect, it } from 'vitest'

import { ShortLivedReads } from './short-lived-reads.ts'

const start = Date.parse('2026-02-03T04:05:06Z')

describe('ShortLivedReads', () => {
  it('gives one answer to all who ask within its time, also while it is made', async () => {
    let nowMs = start
    let asked = 0
    const reads = new ShortLivedReads<number>({ limit: 2, maxAgeMs: 1_000, now: () => new Date(nowMs) })
    const ask = async (): Promise<number> => (asked += 1)
    const both = await Promise.all([reads.read('a', ask), reads.read('a', ask)])
    expect(both).toStrictEqual([
      { value: 1, ageMs: 0 },
      { value: 1, ageMs: 0 },
    ])
    nowMs += 999
    expect(await reads.read('a', ask)).toStrictEqual({ value: 1, ageMs: 999 })
    expect(await reads.read('b', ask)).toStrictEqual({ value: 2, ageMs: 0 })
    nowMs += 1
    expect(await reads.read('a', ask)).toStrictEqual({ value: 3, ageMs: 0 })
    nowMs -= 10
    expect((await reads.read('a', ask)).value).toBe(4)
  })

  it('asks anew after a failure', async () => {
    const reads = new ShortLivedReads<string>({ limit: 1, maxAgeMs: 1_000, now: () => new Date(start) })
    const failing = reads.read('a', () => Promise.reject(new TypeError('down')))
    const waiting = reads.read('a', async () => 'not asked')
    await expect(failing).rejects.toThrow('down')
    await expect(waiting).rejects.toThrow('down')
    expect(await reads.read('a', async () => 'up')).toStrictEqual({ value: 'up', ageMs: 0 })
  })
})
