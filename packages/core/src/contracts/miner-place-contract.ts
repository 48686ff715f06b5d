import { describe, expect, it } from 'vitest'

import type { Miner, MinerDeparture, MinerPlace, MinerRegistration } from '../models/miner.ts'
import type { MinerRepository } from '../repositories/miner-repository.ts'
import { buildMinerRegistration } from './miner-builders.ts'
import { expectInvalid } from './sample-suite.ts'

const now = new Date('2026-02-03T04:05:06.345Z')
const later = new Date('2026-02-03T04:05:07.001Z')

/** What must hold of miners' places on chain; a part of the miner repository's contract. */
export function minerPlaceContract(repositoryNow: () => MinerRepository): void {
  let miners = 0
  const newHotkey = (): string => `placed${(miners += 1)}`
  const put = (fields: Partial<MinerRegistration>): Promise<Miner> =>
    repositoryNow().put({ registration: buildMinerRegistration(fields), now })

  describe('place', () => {
    const at = (uid: number | null, blockNumber: number, registeredAt = 50): MinerPlace => ({
      netuid: 3,
      uid,
      registeredAt: uid === null ? null : registeredAt,
      blockNumber,
    })
    const place = (
      hotkey: string,
      where: MinerPlace,
      on: Readonly<{ coldkey?: string; now?: Date }> = {},
    ): Promise<Miner> =>
      repositoryNow().place({ hotkey, place: where, coldkey: on.coldkey ?? null, now: on.now ?? later })
    const left = (uid: number, on = later, netuid = 3): MinerDeparture => ({ netuid, uid, at: on })

    it('moves uid and coldkey, notes what was left, and leaves everything else', async () => {
      const hotkey = newHotkey()
      const before = await put({ hotkey, uid: 411 })
      const after = await place(hotkey, at(412, 100), { coldkey: 'other' })
      expect(after).toStrictEqual({
        ...before,
        uid: 412,
        coldkey: 'other',
        place: at(412, 100),
        departures: [left(411)],
        updatedAt: later,
      })
      expect(await repositoryNow().find({ hotkey })).toStrictEqual(after)
      await expect
        .poll(async () => (await repositoryNow().findByUid({ uid: 412 }))?.hotkey, { timeout: 2_000 })
        .toBe(hotkey)
      expect(await repositoryNow().findByUid({ uid: 411 })).toBeNull()
    })

    it('leaves nothing where the uid is as it was known, whether it was null or not', async () => {
      const [known, unknown] = [newHotkey(), newHotkey()]
      await put({ hotkey: known, uid: 0 })
      await put({ hotkey: unknown, uid: null })
      expect((await place(known, at(0, 100))).departures).toEqual([])
      expect((await place(unknown, at(413, 100))).departures).toEqual([])
      expect((await place(known, at(0, 101))).departures).toEqual([])
    })

    it('takes the uid of who is deregistered, keeps its coldkey, and gives it one again', async () => {
      const hotkey = newHotkey()
      const { coldkey } = await put({ hotkey, uid: 414 })
      await place(hotkey, at(414, 100))
      const gone = await place(hotkey, at(null, 200))
      expect(gone).toMatchObject({ uid: null, coldkey, place: at(null, 200), departures: [left(414)] })
      const back = await place(hotkey, at(415, 300, 250), { now })
      expect(back).toMatchObject({ uid: 415, departures: [left(414)] })
    })

    it('notes a uid that was taken anew as left, and one that somebody wrote down beside the place', async () => {
      const hotkey = newHotkey()
      await put({ hotkey, uid: 416 })
      await place(hotkey, at(416, 100, 50))
      expect((await place(hotkey, at(416, 200, 150), { now })).departures).toEqual([left(416, now)])
      await put({ hotkey, uid: 417 })
      expect((await place(hotkey, at(418, 300, 250))).departures).toEqual([
        left(416, now),
        left(416),
        left(417),
      ])
    })

    it('changes nothing for an older block, and stays what it is when a registration is put', async () => {
      const hotkey = newHotkey()
      await put({ hotkey, uid: 419 })
      const stored = await place(hotkey, at(420, 200))
      expect(await place(hotkey, at(421, 199), { now })).toStrictEqual(stored)
      const { place: kept, departures } = await put({ hotkey, uid: 420, modelHash: 'other' })
      expect({ kept, departures }).toEqual({ kept: at(420, 200), departures: [left(419)] })
    })

    it('ends with the newest of many that come at once, and forgets no uid on the way', async () => {
      const hotkey = newHotkey()
      await put({ hotkey, uid: 430 })
      await Promise.all([3, 5, 1, 4, 2].map((step) => place(hotkey, at(430 + step, step))))
      const { uid, departures } = await place(hotkey, at(435, 6))
      expect(uid).toBe(435)
      // Which of the uids in between was ever stored is chance; the first one was, and the last one is not left.
      expect(departures).toContainEqual(left(430))
      expect(departures).not.toContainEqual(left(435))
    })

    it('settles one departure at a time, once', async () => {
      const hotkey = newHotkey()
      await put({ hotkey, uid: 440 })
      await place(hotkey, at(441, 100), { now })
      await place(hotkey, at(442, 200))
      const settle = (departure: MinerDeparture): Promise<Miner> =>
        repositoryNow().settle({ hotkey, departure, now })
      expect((await settle(left(440))).departures).toEqual([left(440, now), left(441)])
      expect((await settle(left(440, now))).departures).toEqual([left(441)])
      await settle(left(441))
      expect((await settle(left(441))).departures).toEqual([])
    })

    it('refuses who is not known, and what is no place or departure', async () => {
      const unknown = newHotkey()
      const missing = { code: 'not_found', message: expect.stringContaining(unknown) }
      await expect(place(unknown, at(1, 1))).rejects.toMatchObject(missing)
      await expect(
        repositoryNow().settle({ hotkey: unknown, departure: left(1), now }),
      ).rejects.toMatchObject(missing)
      const hotkey = newHotkey()
      await put({ hotkey })
      await expectInvalid(place(hotkey, at(65_536, 1)))
      await expectInvalid(place(hotkey, at(1, -1)))
      await expectInvalid(place(hotkey, at(1, 1), { coldkey: 'no coldkey' }))
      await expectInvalid(repositoryNow().settle({ hotkey, departure: left(-1), now }))
      expect((await repositoryNow().find({ hotkey }))?.place).toBeNull()
    })
  })
}
