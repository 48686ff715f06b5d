import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Ban } from '../models/ban.ts'
import type { BanRepository } from '../repositories/ban-repository.ts'
import { agentNow as now, agentTime } from './agent-builders.ts'
import { readPages, expectInvalid } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** What an adapter gives to the suite. */
export interface BanContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<BanRepository>
  readonly teardown?: () => Promise<void>
}

/** Everything that an implementation of {@link BanRepository} must hold, on a real engine. */
export function banRepositoryContract(options: BanContractOptions): void {
  describe('ban repository contract', () => {
    let bans: BanRepository
    beforeAll(async () => {
      bans = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const onHotkey = (address: string) => ({ subject: 'hotkey', address }) as const
    const onColdkey = (address: string) => ({ subject: 'coldkey', address }) as const
    const facts = { reason: 'copied "code" — ß', by: 'alice', now }
    const wanted: Omit<Ban, 'address' | 'subject'> = {
      banNum: 1,
      reason: facts.reason,
      since: now,
      bannedBy: 'alice',
      liftedAt: null,
      liftedBy: null,
    }

    it('bans nobody by itself', async () => {
      expect(await bans.findInForce({ hotkey: newHotkey(), coldkey: newHotkey() })).toBeNull()
      expect(await bans.findInForce({ hotkey: newHotkey(), coldkey: null })).toBeNull()
    })

    it('bans a hotkey, and nobody else', async () => {
      const hotkey = newHotkey()
      const ban = await bans.ban({ ...onHotkey(hotkey), ...facts })
      expect(ban).toStrictEqual({ ...onHotkey(hotkey), ...wanted })
      expect(await bans.findInForce({ hotkey, coldkey: null })).toStrictEqual(ban)
      expect(await bans.findInForce({ hotkey, coldkey: newHotkey() })).toStrictEqual(ban)
      expect(await bans.findInForce({ hotkey: newHotkey(), coldkey: hotkey })).toBeNull()
    })

    it('bans a coldkey and every hotkey of it', async () => {
      const coldkey = newHotkey()
      const ban = await bans.ban({ ...onColdkey(coldkey), ...facts })
      for (const hotkey of [newHotkey(), newHotkey()]) {
        expect(await bans.findInForce({ hotkey, coldkey })).toStrictEqual(ban)
        expect(await bans.findInForce({ hotkey, coldkey: null })).toBeNull()
      }
      expect(await bans.findInForce({ hotkey: coldkey, coldkey: null })).toBeNull()
    })

    it('names the ban of the hotkey where both are banned', async () => {
      const [hotkey, coldkey] = [newHotkey(), newHotkey()]
      await bans.ban({ ...onColdkey(coldkey), ...facts })
      const ban = await bans.ban({ ...onHotkey(hotkey), ...facts })
      expect(await bans.findInForce({ hotkey, coldkey })).toStrictEqual(ban)
    })

    it('keeps the first reason while it is in force', async () => {
      const key = onHotkey(newHotkey())
      const first = await bans.ban({ ...key, ...facts })
      const again = { ...key, reason: 'another', by: 'bob', now: agentTime(9) }
      expect(await bans.ban(again)).toStrictEqual(first)
    })

    it('ends with its lifting, and is kept; the next one has the next number', async () => {
      const key = onHotkey(newHotkey())
      const first = await bans.ban({ ...key, ...facts })
      const lifted = { ...first, liftedAt: agentTime(5), liftedBy: 'bob' }
      expect(await bans.lift({ ...key, by: 'bob', now: agentTime(5) })).toStrictEqual(lifted)
      expect(await bans.lift({ ...key, by: 'carol', now: agentTime(6) })).toStrictEqual(lifted)
      expect(await bans.findInForce({ hotkey: key.address, coldkey: null })).toBeNull()
      const second = await bans.ban({ ...key, ...facts, now: agentTime(7) })
      expect(second).toStrictEqual({ ...first, banNum: 2, since: agentTime(7) })
      expect(await bans.findInForce({ hotkey: key.address, coldkey: null })).toStrictEqual(second)
      const all = await readPages((page) => bans.list(page), 2)
      const ofKey = all.filter(({ address }) => address === key.address)
      expect(ofKey.toSorted((a, b) => a.banNum - b.banNum)).toStrictEqual([lifted, second])
    })

    it('makes one ban of many at once', async () => {
      const key = onColdkey(newHotkey())
      const told = await Promise.all(
        Array.from({ length: 12 }, (_, caller) => bans.ban({ ...key, ...facts, by: `caller-${caller}` })),
      )
      expect(new Set(told.map(({ bannedBy }) => bannedBy)).size).toBe(1)
      expect(told.every(({ banNum }) => banNum === 1)).toBe(true)
    })

    it('cannot lift what never was', async () => {
      const lift = bans.lift({ ...onHotkey(newHotkey()), by: 'bob', now })
      await expect(lift).rejects.toMatchObject({ code: 'not_found' })
    })

    it('refuses bans that make no sense', async () => {
      const key = onHotkey(newHotkey())
      await expectInvalid(bans.ban({ ...key, ...facts, reason: '' }))
      await expectInvalid(bans.ban({ ...key, ...facts, by: 'two words' }))
      await expectInvalid(bans.ban({ ...onHotkey('no key'), ...facts }))
      await expectInvalid(bans.lift({ ...onHotkey(''), by: 'bob', now }))
      await expectInvalid(bans.findInForce({ hotkey: 'a#b', coldkey: null }))
      await expectInvalid(bans.findInForce({ hotkey: 'a', coldkey: 'a b' }))
      expect(await bans.findInForce({ hotkey: key.address, coldkey: null })).toBeNull()
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const ban = bans.ban({ ...onHotkey(newHotkey()), ...facts }, { signal })
      await expect(ban).rejects.toBe(reason)
    })
  })
}
