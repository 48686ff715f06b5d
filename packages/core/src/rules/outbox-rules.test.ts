import { expect, it } from 'vitest'

import type { OutboxEntry } from '../models/outbox-entry.ts'
import { isReplayable, orderedBy, PENDING_GRACE_MS, subjectKey } from './outbox-rules.ts'

const now = new Date('2026-02-03T04:05:06.345Z')
const [one, two] = ['f0000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000002']

function entry(state: OutboxEntry['state'], ageMs: number): OutboxEntry {
  const putAt = new Date(now.getTime() - ageMs)
  return { entryId: one, subject: { kind: 'agent', agentId: one }, state, putAt }
}

it('waits for whoever may still be writing, and for nobody else', () => {
  expect(isReplayable(entry('settled', 0), now)).toBe(true)
  expect(isReplayable(entry('pending', 0), now)).toBe(false)
  expect(isReplayable(entry('pending', PENDING_GRACE_MS), now)).toBe(false)
  expect(isReplayable(entry('pending', PENDING_GRACE_MS + 1), now)).toBe(true)
  expect(isReplayable(entry('pending', -60_000), now)).toBe(false)
})

it('orders an agent with its versions, and snapshots by themselves', () => {
  const agent = { kind: 'agent', agentId: one } as const
  const version = { kind: 'version', agentId: one, versionId: two } as const
  const snapshot = { kind: 'snapshot', snapshotId: one } as const
  expect([agent, version].map(orderedBy)).toStrictEqual([one, one])
  expect(orderedBy(snapshot)).toBe(one)
  expect(new Set([agent, version, snapshot].map(subjectKey)).size).toBe(3)
})
