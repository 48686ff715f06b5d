import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { RetentionPolicy } from '../models/retention-policy.ts'
import type { Page } from '../repositories/page.ts'
import type {
  RetentionPolicyRepository,
  RetentionSubject,
} from '../repositories/retention-policy-repository.ts'
import { nastyTexts } from './nasty-values.ts'

/** What an adapter gives to the suite. */
export interface RetentionPolicyContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<RetentionPolicyRepository>
  readonly teardown?: () => Promise<void>
}

const now = new Date('2026-02-03T04:05:06.345Z')
const later = new Date('2026-03-03T04:05:06.001Z')
const latest = new Date('2100-01-01T00:00:00.001Z')

/** Everything that an implementation of {@link RetentionPolicyRepository} must hold, on a real engine. */
export function retentionPolicyRepositoryContract(options: RetentionPolicyContractOptions): void {
  describe('retention policy repository contract', () => {
    let repository: RetentionPolicyRepository
    let miners = 0
    const newSubject = (): RetentionSubject => ({ minerHotkey: `miner${(miners += 1)}`, modelRevision: 'v1' })

    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    const listAll = async (minerHotkey: string, limit = 1000): Promise<readonly RetentionPolicy[]> => {
      const policies: RetentionPolicy[] = []
      let cursor: string | null = null
      do {
        const page: Page<RetentionPolicy> = await repository.list({ minerHotkey, limit, cursor })
        policies.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      return policies
    }

    it('finds null for a model that nothing was said of', async () => {
      const subject = newSubject()
      expect(await repository.find(subject)).toBeNull()
      expect(await listAll(subject.minerHotkey)).toStrictEqual([])
    })

    it('protects, and keeps since when', async () => {
      const subject = newSubject()
      const first = await repository.protect({ ...subject, because: 'rank 1 at block 5000000', now })
      expect(first).toStrictEqual({
        ...subject,
        protectedBecause: 'rank 1 at block 5000000',
        protectedSince: now,
        lastCleanupAt: null,
        updatedAt: now,
      })
      const second = await repository.protect({ ...subject, because: 'rank 2 at block 5000100', now: later })
      expect(second).toStrictEqual({
        ...first,
        protectedBecause: 'rank 2 at block 5000100',
        updatedAt: later,
      })
      expect(await repository.find(subject)).toStrictEqual(second)
    })

    it('ends a protection, and begins a new one from then', async () => {
      const subject = newSubject()
      await repository.protect({ ...subject, because: 'rank 1', now })
      const ended = await repository.unprotect({ ...subject, now: later })
      const free = { ...subject, protectedBecause: null, protectedSince: null, lastCleanupAt: null }
      expect(ended).toStrictEqual({ ...free, updatedAt: later })
      expect(await repository.unprotect({ ...subject, now: later })).toStrictEqual(ended)
      const again = await repository.protect({ ...subject, because: 'rank 3', now: latest })
      expect(again).toMatchObject({ protectedBecause: 'rank 3', protectedSince: latest })
    })

    it('says of a model that was never protected that it is not', async () => {
      const subject = newSubject()
      const policy = await repository.unprotect({ ...subject, now })
      expect(policy).toMatchObject({ protectedBecause: null, protectedSince: null, updatedAt: now })
      expect(await repository.find(subject)).toStrictEqual(policy)
    })

    it('notes clean-ups without touching the protection, and the other way round', async () => {
      const subject = newSubject()
      const noted = await repository.recordCleanup({ ...subject, now })
      expect(noted).toMatchObject({ protectedBecause: null, protectedSince: null, lastCleanupAt: now })
      await repository.protect({ ...subject, because: 'rank 1', now: later })
      const cleaned = await repository.recordCleanup({ ...subject, now: latest })
      expect(cleaned).toStrictEqual({
        ...subject,
        protectedBecause: 'rank 1',
        protectedSince: later,
        lastCleanupAt: latest,
        updatedAt: latest,
      })
      expect((await repository.unprotect({ ...subject, now: latest })).lastCleanupAt).toStrictEqual(latest)
    })

    it('loses nothing to writers at the same time', async () => {
      const subject = newSubject()
      await Promise.all([
        ...Array.from({ length: 4 }, (_, rank) =>
          repository.protect({ ...subject, because: `rank ${rank}`, now }),
        ),
        ...Array.from({ length: 4 }, () => repository.recordCleanup({ ...subject, now: later })),
      ])
      const policy = await repository.find(subject)
      expect(policy).toMatchObject({ protectedSince: now, lastCleanupAt: later })
      expect(policy?.protectedBecause).toMatch(/^rank [0-3]$/)
    })

    it.each(nastyTexts.filter((text) => text !== ''))('keeps the reason %j exactly', async (because) => {
      const subject = newSubject()
      await repository.protect({ ...subject, because, now })
      expect((await repository.find(subject))?.protectedBecause).toBe(because)
    })

    it('lists the policies of one miner by revision, in pages, and of no other', async () => {
      const { minerHotkey } = newSubject()
      const revisions = ['-', '.', '0', '10', '2', 'A', '_', 'a', 'a.b', 'ab']
      for (const modelRevision of revisions.toReversed()) {
        await repository.protect({ minerHotkey, modelRevision, because: modelRevision, now })
      }
      for (const other of [`${minerHotkey}0`, `${minerHotkey}A`]) {
        await repository.protect({ minerHotkey: other, modelRevision: 'a', because: 'other', now })
      }
      const whole = await listAll(minerHotkey)
      expect(whole.map(({ modelRevision }) => modelRevision)).toStrictEqual(revisions)
      expect(whole.every((one) => one.minerHotkey === minerHotkey)).toBe(true)
      expect(await listAll(minerHotkey, 3)).toStrictEqual(whole)
      expect(await listAll(`${minerHotkey}0`)).toHaveLength(1)
    })

    describe('bad input', () => {
      it.each<readonly [string, Partial<RetentionSubject & { because: string; now: Date }>]>([
        ['an empty hotkey', { minerHotkey: '' }],
        ['a hotkey with a separator', { minerHotkey: 'a#b' }],
        ['a revision with a slash', { modelRevision: 'a/b' }],
        ['no reason', { because: '' }],
        ['a reason of 257 characters', { because: 'x'.repeat(257) }],
        ['half of a surrogate pair', { because: '\ud800' }],
        ['a time that is none', { now: new Date(Number.NaN) }],
      ])('refuses %s, and stores nothing', async (_name, wrong) => {
        const subject = newSubject()
        const params = { ...subject, because: 'rank 1', now, ...wrong }
        await expectInvalid(repository.protect(params))
        if (!('because' in wrong)) {
          await expectInvalid(repository.unprotect(params))
          await expectInvalid(repository.recordCleanup(params))
          if (!('now' in wrong)) await expectInvalid(repository.find(params))
        }
        expect(await repository.find(subject)).toBeNull()
      })

      it('refuses limits, cursors and miners that cannot be', async () => {
        const { minerHotkey } = newSubject()
        for (const limit of [0, 1.5, 10_001]) await expectInvalid(repository.list({ minerHotkey, limit }))
        await expectInvalid(repository.list({ minerHotkey, limit: 1, cursor: 'bm9uc2Vuc2U' }))
        await expectInvalid(repository.list({ minerHotkey: 'a b', limit: 1 }))
      })
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const subject = newSubject()
      await expect(repository.protect({ ...subject, because: 'x', now }, aborted)).rejects.toBe(reason)
      await expect(repository.unprotect({ ...subject, now }, aborted)).rejects.toBe(reason)
      await expect(repository.recordCleanup({ ...subject, now }, aborted)).rejects.toBe(reason)
      await expect(repository.find(subject, aborted)).rejects.toBe(reason)
      await expect(repository.list({ ...subject, limit: 1 }, aborted)).rejects.toBe(reason)
      expect(await repository.find(subject)).toBeNull()
    })
  })
}

async function expectInvalid(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
}
