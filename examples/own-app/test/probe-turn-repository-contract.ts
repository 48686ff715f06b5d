import { describe, expect, it } from 'vitest'

import type { ProbeTurnRepository } from '../src/probe-turn-repository.ts'

const subnet = { network: 'finney', netuid: 8 }
const now = new Date('2025-08-01T00:00:00.345Z')
const inASecond = new Date('2025-08-01T00:00:01.345Z')
const turn = (token: string, at = now) => ({
  ...subnet,
  owner: `host ${token}`,
  token,
  forMs: 1_000,
  now: at,
})

/** What must hold for every implementation. Each test asks for an empty repository. */
export function probeTurnRepositoryContract(create: () => Promise<ProbeTurnRepository>): void {
  describe('ProbeTurnRepository', () => {
    it('gives the turn to one of 16 that ask at once', async () => {
      const turns = await create()
      const asked = Array.from({ length: 16 }, (_, index) => turns.take(turn(`t${index}`)))
      const given = (await Promise.all(asked)).filter((one) => one !== null)
      expect(given).toHaveLength(1)
      expect(await turns.find(subnet)).toEqual(given[0])
    })

    it('gives it again to who has it, and to others when its time is over', async () => {
      const turns = await create()
      await turns.take(turn('a'))
      expect((await turns.take(turn('a')))?.holder?.until).toEqual(inASecond)
      expect(await turns.take(turn('b'))).toBeNull()
      expect((await turns.take(turn('b', inASecond)))?.holder?.owner).toBe('host b')
      expect(await turns.end({ ...subnet, token: 'a', rounds: 5 })).toBe(false)
    })

    it('counts the rounds of a turn once', async () => {
      const turns = await create()
      await turns.take(turn('a'))
      expect(await turns.end({ ...subnet, token: 'a', rounds: 5 })).toBe(true)
      expect(await turns.end({ ...subnet, token: 'a', rounds: 5 })).toBe(false)
      expect(await turns.find(subnet)).toEqual({ ...subnet, rounds: 5, holder: null })
    })

    it('keeps subnets apart, and knows nothing of one that nobody probed', async () => {
      const turns = await create()
      await turns.take(turn('a'))
      expect(await turns.find({ network: 'finney', netuid: 80 })).toBeNull()
      expect(await turns.take({ ...turn('b'), netuid: 80 })).not.toBeNull()
    })
  })
}
