import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { RequestNonce } from '../models/request-nonce.ts'
import type { RequestNonceRepository } from '../repositories/request-nonce-repository.ts'

/** What an adapter gives to the suite. */
export interface RequestNonceContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<RequestNonceRepository>
  readonly teardown?: () => Promise<void>
}

/** Far ahead of every real clock, so that an engine which removes what has expired by itself keeps out of these tests. */
const now = new Date('2126-02-03T04:05:06.345Z')
const expiresAt = new Date('2126-02-03T04:07:06.345Z')

/** Everything that an implementation of {@link RequestNonceRepository} must hold, on a real engine. */
export function requestNonceRepositoryContract(options: RequestNonceContractOptions): void {
  describe('request nonce repository contract', () => {
    let repository: RequestNonceRepository
    let made = 0
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    const fresh = (change: Partial<RequestNonce> = {}): RequestNonce => {
      made += 1
      const nonce = `nonce-${made}`.padEnd(20, '_')
      return { hotkey: 'hotkeyOne', nonce, admission: `try-${made}`, expiresAt, ...change }
    }

    it('gives a nonce to the first caller only', async () => {
      const nonce = fresh()
      expect(await repository.claim({ nonce, now })).toBe(true)
      expect(await repository.claim({ nonce: { ...nonce, admission: 'another' }, now })).toBe(false)
    })

    it('gives it to exactly one of 24 concurrent callers', async () => {
      const nonce = fresh()
      const told = await Promise.all(
        Array.from({ length: 24 }, (_, caller) =>
          repository.claim({ nonce: { ...nonce, admission: `caller-${caller}` }, now }),
        ),
      )
      expect(told.filter(Boolean)).toHaveLength(1)
    })

    it('knows its own admission again', async () => {
      const nonce = fresh()
      expect(await repository.claim({ nonce, now })).toBe(true)
      expect(await repository.claim({ nonce, now })).toBe(true)
    })

    it('keeps the nonces of two hotkeys apart', async () => {
      const nonce = fresh()
      expect(await repository.claim({ nonce, now })).toBe(true)
      const other = { ...nonce, hotkey: 'hotkeyTwo', admission: 'another' }
      expect(await repository.claim({ nonce: other, now })).toBe(true)
    })

    it('holds it until it expires, to the second, and not longer', async () => {
      const nonce = fresh()
      expect(await repository.claim({ nonce, now })).toBe(true)
      const again = {
        ...nonce,
        admission: 'another',
        expiresAt: new Date(expiresAt.getTime() + 120_000),
      }
      expect(await repository.claim({ nonce: again, now: expiresAt })).toBe(false)
      const after = new Date(expiresAt.getTime() + 1_000)
      expect(await repository.claim({ nonce: again, now: after })).toBe(true)
      expect(await repository.claim({ nonce: { ...again, admission: 'third' }, now: after })).toBe(false)
    })

    it('sweeps what has expired, and nothing else', async () => {
      const nonces = Array.from({ length: 30 }, (_, index) =>
        fresh(index % 3 === 0 ? { expiresAt: new Date(expiresAt.getTime() + 600_000) } : {}),
      )
      for (const nonce of nonces) await repository.claim({ nonce, now })
      expect((await repository.sweep({ now })).removed).toBe(0)
      const after = new Date(expiresAt.getTime() + 1_000)
      expect((await repository.sweep({ now: after })).removed).toBeGreaterThanOrEqual(20)
      expect((await repository.sweep({ now: after })).removed).toBe(0)
      for (const nonce of nonces) {
        const isFree = nonce.expiresAt.getTime() === expiresAt.getTime()
        const other = { ...nonce, admission: 'another' }
        expect(await repository.claim({ nonce: other, now: after })).toBe(isFree)
      }
    })

    it.each([
      ['a short nonce', { nonce: 'short' }],
      ['a nonce with a separator', { nonce: 'a#b'.padEnd(20, 'x') }],
      ['an empty hotkey', { hotkey: '' }],
      ['an admission with a space', { admission: 'a b' }],
      ['a date that is none', { expiresAt: new Date(Number.NaN) }],
    ])('refuses %s', async (_name, change) => {
      await expect(repository.claim({ nonce: fresh(change), now })).rejects.toMatchObject({
        code: 'invalid_input',
      })
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const call = repository.claim({ nonce: fresh(), now }, { signal: AbortSignal.abort(reason) })
      await expect(call).rejects.toBe(reason)
    })
  })
}
