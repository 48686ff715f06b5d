import { describe, expect, it } from 'vitest'

import { samplingTaskStatuses, type SamplingTask } from '../models/sampling-task.ts'
import {
  failTask,
  givesWayToNewTask,
  isOpenTask,
  lostLease,
  lostLeaseReason,
  openTask,
  reclaimTask,
  releaseTask,
  requireHeldTask,
  retryTask,
  revokeTask,
  samplingBackoffMs,
  settledTaskExpiry,
} from './sampling-task-rules.ts'

const now = new Date('2026-02-03T04:05:06.345Z')
const after = (ms: number): Date => new Date(now.getTime() + ms)
const key = {
  minerHotkey: 'miner',
  modelRevision: 'rev',
  environment: 'affine:ded',
  generation: 1,
  taskId: 7,
}
const fresh = openTask({ ...key, modelHash: 'hash', priority: 1, maxAttempts: 3 }, now)
const held: SamplingTask = {
  ...fresh,
  status: 'claimed',
  attempts: 1,
  lease: { owner: 'worker', token: 'mine', expiresAt: after(60_000) },
}
const error = { kind: 'timeout', message: 'too slow' }
const inState = (status: SamplingTask['status']): SamplingTask =>
  status === 'claimed' ? held : { ...held, status, lease: null }

describe('states', () => {
  it('tells open from settled, and what gives way', () => {
    expect(samplingTaskStatuses.filter(isOpenTask)).toStrictEqual(['pending', 'claimed', 'quarantined'])
    expect(samplingTaskStatuses.filter(givesWayToNewTask)).toStrictEqual(['revoked'])
  })

  it.each(samplingTaskStatuses)('keeps a task that is %s for 7 days once it is settled', (status) => {
    const expiry = settledTaskExpiry({ status, updatedAt: now })
    expect(expiry).toStrictEqual(isOpenTask(status) ? null : after(7 * 86_400_000))
  })

  it.each(samplingTaskStatuses)('revokes a task that is %s only while it is open', (status) => {
    const task = inState(status)
    const revoked = revokeTask(task, after(5))
    expect(revoked).toStrictEqual(
      isOpenTask(status) ? { ...task, status: 'revoked', lease: null, updatedAt: after(5) } : task,
    )
  })
})

describe('the holder of a lease', () => {
  it.each([
    ['nothing', null, 'lease_lost'],
    ['a pending task', inState('pending'), 'lease_lost'],
    ['a quarantined task', inState('quarantined'), 'lease_lost'],
    ['a completed task', inState('completed'), 'completed'],
    ['a revoked task', inState('revoked'), 'revoked'],
  ] as const)('is told why when it finds %s', (_name, task, reason) => {
    expect(lostLeaseReason(task)).toBe(reason)
    expect(lostLease(task, key)).toMatchObject({ code: 'conflict', retryable: false, details: { reason } })
    const acts = [
      () => requireHeldTask(task, { key, token: 'mine' }),
      () => failTask(task, { key, token: 'mine', error, now }),
      () => releaseTask(task, { key, token: 'mine', now }),
    ]
    for (const act of acts) expect(act).toThrow(expect.objectContaining({ code: 'conflict' }))
  })

  it('must name its own token', () => {
    expect(requireHeldTask(held, { key, token: 'mine' })).toBe(held)
    expect(() => requireHeldTask(held, { key, token: 'other' })).toThrow(/not held under this token/)
  })

  it('puts a failed task behind its back-off', () => {
    const failed = failTask(held, { key, token: 'mine', error, now: after(1000) })
    expect(failed).toStrictEqual({
      ...held,
      status: 'pending',
      lease: null,
      lastError: error,
      notBefore: after(1000 + samplingBackoffMs(key, 1)),
      updatedAt: after(1000),
    })
  })

  it('counts a back-off from the later of now and the last change', () => {
    const failed = failTask(held, { key, token: 'mine', error, now: after(-3_600_000) })
    expect(failed.notBefore).toStrictEqual(after(samplingBackoffMs(key, 1)))
  })

  it.each([
    { attempts: 2, status: 'pending' },
    { attempts: 3, status: 'quarantined' },
    { attempts: 4, status: 'quarantined' },
  ])('finds a task $status after failed attempt $attempts of 3', ({ attempts, status }) => {
    expect(failTask({ ...held, attempts }, { key, token: 'mine', error, now }).status).toBe(status)
  })

  it('gives back an attempt with the task, and never more than it had', () => {
    const release = { key, token: 'mine', now: after(5) }
    const released = releaseTask(held, release)
    expect(released).toStrictEqual({ ...fresh, updatedAt: after(5) })
    expect(releaseTask({ ...held, attempts: 0 }, release).attempts).toBe(0)
  })
})

describe('a lease that ran out', () => {
  it.each([
    ['still runs', held, 59_999],
    ['belongs to a completed task', inState('completed'), 60_000],
    ['belongs to a pending task', inState('pending'), 60_000],
  ] as const)('is left alone when it %s', (_name, task, ms) => {
    expect(reclaimTask(task, after(ms))).toBeNull()
  })

  it('frees the task, and says who had it', () => {
    const end = after(60_000)
    const reclaimed = reclaimTask(held, end)
    expect(reclaimed).toMatchObject({
      ...held,
      status: 'pending',
      lease: null,
      updatedAt: end,
      lastError: {},
    })
    expect(reclaimed?.lastError).toStrictEqual({
      kind: 'lease_expired',
      message: 'worker neither finished nor renewed it by 2026-02-03T04:06:06.345Z',
    })
    expect(reclaimTask({ ...held, attempts: 3 }, end)?.status).toBe('quarantined')
  })
})

describe('retry', () => {
  const quarantined = { ...inState('quarantined'), attempts: 3, lastError: error }

  it('opens a quarantined task once', () => {
    const opened = retryTask(quarantined, { key, now: after(9) })
    const wanted = { status: 'pending', attempts: 0, notBefore: after(9), updatedAt: after(9) }
    expect(opened).toStrictEqual({ ...quarantined, ...wanted })
    expect(retryTask(opened, { key, now: after(9) })).toBe(opened)
    expect(() => retryTask(opened, { key, now: after(10) })).toThrow(/only a quarantined one/)
  })

  it('refuses a fresh task, and tells that there is none', () => {
    expect(() => retryTask(fresh, { key, now })).toThrow(/is pending/)
    expect(() => retryTask(null, { key, now })).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})

describe('back-off', () => {
  it.each([
    [1, 30_000],
    [2, 60_000],
    [3, 120_000],
    [6, 960_000],
    [7, 1_800_000],
    [100, 1_800_000],
  ])('after attempt %d lasts between half and all of %d ms', (attempt, bound) => {
    const delays = Array.from({ length: 200 }, (_, taskId) => samplingBackoffMs({ ...key, taskId }, attempt))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(bound / 2)
    expect(Math.max(...delays)).toBeLessThanOrEqual(bound)
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(bound / 3)
  })

  it('is the same for the same attempt, and another for another miner', () => {
    expect(samplingBackoffMs(key, 2)).toBe(samplingBackoffMs({ ...key }, 2))
    expect(samplingBackoffMs({ ...key, minerHotkey: 'other' }, 1)).not.toBe(samplingBackoffMs(key, 1))
  })
})
