import { expect, it } from 'vitest'

import { departuresTo, isDeregistered, isPaused } from './miner-rules.ts'

const since = new Date('2026-02-03T04:00:00.000Z')
const until = new Date('2026-02-03T05:00:00.000Z')

it.each([
  ['without a pause', null, until, false],
  ['until somebody resumes it', { reason: 'by hand', since, until: null }, new Date('2100-01-01'), true],
  ['a millisecond before the end', { reason: 'rule', since, until }, new Date(until.getTime() - 1), true],
  ['at the end', { reason: 'rule', since, until }, until, false],
])('is paused or not: %s', (_name, pause, now, expected) => {
  expect(isPaused({ pause }, now)).toBe(expected)
})

const place = { netuid: 1, uid: 5, registeredAt: 10, blockNumber: 20 }
const gone = { ...place, uid: null, registeredAt: null }

it.each([
  ['who was never looked for', null, false],
  ['who stands on chain', place, false],
  ['who was there and is not any more', gone, true],
])('tells who is deregistered: %s', (_name, where, expected) => {
  expect(isDeregistered({ place: where })).toBe(expected)
})

it.each([
  ['nothing when it is where it was known', 5, null, []],
  ['nothing when it stays', 5, place, []],
  ['nothing when it comes back', null, gone, []],
  ['the uid that somebody wrote down', 4, null, [4]],
  ['the uid of its last place', 4, { ...place, uid: 4 }, [4]],
  ['both when they differ', 3, { ...place, uid: 4 }, [3, 4]],
  ['its own uid when it was registered there anew', 5, { ...place, registeredAt: 9 }, [5]],
])('leaves %s', (_name, uid, before, uids) => {
  const left = departuresTo({ uid, place: before }, place, since)
  expect(left).toEqual(uids.map((each) => ({ netuid: 1, uid: each, at: since })))
})

it('leaves places of another subnet there', () => {
  const left = departuresTo({ uid: 4, place: { ...place, netuid: 9, uid: 4 } }, place, since)
  expect(left).toEqual([{ netuid: 9, uid: 4, at: since }])
})
