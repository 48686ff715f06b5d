import { expect, it } from 'vitest'

import { deadJobsText } from './dead-jobs-text.ts'

const failedAt = new Date('2025-08-01T01:00:00Z')
const run = {
  lane: 'runs',
  task: 'benchmark-run',
  failedAt,
  reason: 'the disk is full; free some'.repeat(20),
}

it('tells each reason once and whole, and which run or day it was', () => {
  const day = { lane: 'days', task: 'orchestrate-day', failedAt, reason: 'no\u001b[2J store' }
  const text = deadJobsText([
    { ...run, jobId: 'benchmark-run-1', context: { hotkey: '5Fa', network: 'torus', windowDays: 30, x: {} } },
    { ...run, jobId: 'benchmark-run-2', context: null },
    { ...day, jobId: 'orchestrate-day ml 2025-08-01', context: { imageType: 'ml', testDate: '2025-08-01' } },
  ])
  const [reason, first, second, , other, third, , hint] = text.split('\n')
  expect(reason).toBe(run.reason)
  expect(first).toBe('  2025-08-01T01:00:00.000Z  runs  benchmark-run-1  torus 30 5Fa')
  expect(second).toBe('  2025-08-01T01:00:00.000Z  runs  benchmark-run-2')
  expect(other).not.toContain('\u001b')
  expect(third).toContain('days  orchestrate-day ml 2025-08-01  ml 2025-08-01')
  expect(hint).toContain('benchmark queue retry')
  expect(deadJobsText([])).toBe('there are none')
})
