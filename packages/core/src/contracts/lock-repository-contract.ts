import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { MAX_LOCK_LEASE_MS, MIN_LOCK_LEASE_MS, type HeldLock } from '../models/held-lock.ts'
import type { LockRepository } from '../repositories/lock-repository.ts'

/** What an adapter gives to the suite. */
export interface LockContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<LockRepository>
  readonly teardown?: () => Promise<void>
}

/** Far ahead of every real clock, so that an engine which removes what has expired by itself keeps out of these tests. */
const start = new Date('2126-02-03T04:05:06.345Z')
const after = (ms: number): Date => new Date(start.getTime() + ms)
const leaseMs = 60_000

/** Everything that an implementation of {@link LockRepository} must hold, on a real engine. */
export function lockRepositoryContract(options: LockContractOptions): void {
  describe('lock repository contract', () => {
    let locks: LockRepository
    let made = 0
    beforeAll(async () => {
      locks = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    const fresh = (): string => `weights.finney.${(made += 1)}`
    const acquire = (name: string, token: string, now = start): Promise<HeldLock | null> =>
      locks.acquire({ name, owner: `host:${token}`, token, leaseMs, now })

    it('gives a free lock, and tells who holds it', async () => {
      const name = fresh()
      expect(await locks.find({ name, now: start })).toBeNull()
      const held = { name, owner: 'host:mine', token: 'mine', expiresAt: after(leaseMs) }
      expect(await acquire(name, 'mine')).toStrictEqual(held)
      expect(await locks.find({ name, now: start })).toStrictEqual(held)
      expect(await acquire(name, 'other')).toBeNull()
      expect(await locks.find({ name, now: start })).toStrictEqual(held)
    })

    it('goes to exactly one of 32 takers, and a lock beside it to another', async () => {
      const [name, beside] = [fresh(), fresh()]
      const answers = await Promise.all(
        Array.from({ length: 32 }, async (_, taker) => acquire(name, `taker-${taker}`)),
      )
      const won = answers.filter((lock) => lock !== null)
      expect(won).toHaveLength(1)
      expect(await locks.find({ name, now: start })).toStrictEqual(won[0])
      expect(await acquire(beside, 'late')).not.toBeNull()
    })

    it('is taken over from the moment of its end by exactly one of 32, and not before', async () => {
      const name = fresh()
      await acquire(name, 'first')
      expect(await acquire(name, 'early', after(leaseMs - 1))).toBeNull()
      expect(await locks.find({ name, now: after(leaseMs - 1) })).toMatchObject({ token: 'first' })
      expect(await locks.find({ name, now: after(leaseMs) })).toBeNull()
      const answers = await Promise.all(
        Array.from({ length: 32 }, async (_, taker) => acquire(name, `taker-${taker}`, after(leaseMs))),
      )
      expect(answers.filter((lock) => lock !== null)).toHaveLength(1)
    })

    it('renews under its token, also by taking it again', async () => {
      const name = fresh()
      await acquire(name, 'mine')
      const renewed = await locks.renew({ name, token: 'mine', leaseMs, now: after(5_000) })
      expect(renewed).toMatchObject({ owner: 'host:mine', expiresAt: after(5_000 + leaseMs) })
      expect(await acquire(name, 'mine', after(9_000))).toMatchObject({ expiresAt: after(9_000 + leaseMs) })
      expect(await locks.find({ name, now: after(8_000 + leaseMs) })).toMatchObject({ token: 'mine' })
    })

    it('never shortens on renewal', async () => {
      const name = fresh()
      await acquire(name, 'mine')
      const renewed = await locks.renew({ name, token: 'mine', leaseMs: 1_000, now: start })
      expect(renewed.expiresAt).toStrictEqual(after(leaseMs))
    })

    it('renews what ran out while nobody took it', async () => {
      const name = fresh()
      await acquire(name, 'mine')
      const late = after(leaseMs + 5_000)
      expect(await locks.renew({ name, token: 'mine', leaseMs, now: late })).toMatchObject({
        expiresAt: after(2 * leaseMs + 5_000),
      })
      expect(await acquire(name, 'other', late)).toBeNull()
    })

    it('tells a holder that it lost the lock: to another, or altogether', async () => {
      const name = fresh()
      await acquire(name, 'mine')
      await acquire(name, 'other', after(leaseMs))
      const lost = { code: 'conflict', details: { reason: 'lease_lost', heldBy: 'host:other' } }
      const renewal = { name, token: 'mine', leaseMs, now: after(leaseMs) }
      await expect(locks.renew(renewal)).rejects.toMatchObject(lost)
      expect(await locks.find({ name, now: after(leaseMs) })).toMatchObject({
        token: 'other',
        expiresAt: after(2 * leaseMs),
      })
      await expect(locks.renew({ ...renewal, name: fresh() })).rejects.toMatchObject({
        code: 'conflict',
        details: { reason: 'lease_lost', heldBy: null },
      })
    })

    it('is free once it is given back; giving back again, or what is not held, harms nobody', async () => {
      const name = fresh()
      await acquire(name, 'mine')
      await locks.release({ name, token: 'other' })
      expect(await locks.find({ name, now: start })).toMatchObject({ token: 'mine' })
      await locks.release({ name, token: 'mine' })
      expect(await locks.find({ name, now: start })).toBeNull()
      await locks.release({ name, token: 'mine' })
      expect(await acquire(name, 'next')).toMatchObject({ token: 'next' })
      await locks.release({ name, token: 'mine' })
      expect(await acquire(name, 'third')).toBeNull()
      await locks.release({ name: fresh(), token: 'mine' })
    })

    it('keeps names with separators apart', async () => {
      expect(await acquire('a#LOCK#b%23', 'mine')).toMatchObject({ name: 'a#LOCK#b%23' })
      expect(await locks.find({ name: 'a#LOCK#b#', now: start })).toBeNull()
    })

    it.each([
      ['an empty name', { name: '' }],
      ['a name with a space', { name: 'a b' }],
      ['a long owner', { owner: 'o'.repeat(129) }],
      ['an empty token', { token: '' }],
      ['too short a time', { leaseMs: MIN_LOCK_LEASE_MS - 1 }],
      ['too long a time', { leaseMs: MAX_LOCK_LEASE_MS + 1 }],
      ['half a millisecond', { leaseMs: 1_000.5 }],
      ['a date that is none', { now: new Date(Number.NaN) }],
    ])('refuses %s', async (_name, change) => {
      const params = { name: fresh(), owner: 'host', token: 'mine', leaseMs, now: start, ...change }
      await expect(locks.acquire(params)).rejects.toMatchObject({ code: 'invalid_input' })
      if ('owner' in change) return
      await expect(locks.renew(params)).rejects.toMatchObject({ code: 'invalid_input' })
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const params = { name: fresh(), owner: 'host', token: 'mine', leaseMs, now: start }
      await expect(locks.acquire(params, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    })
  })
}
