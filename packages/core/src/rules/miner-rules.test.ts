import { expect, it } from 'vitest'

import { isPaused } from './miner-rules.ts'

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
