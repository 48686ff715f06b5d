import { openTask, type SamplingTask, silentLogger } from '@subnetkit/core'
import { buildSamplingTask } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { HeldLeases } from './held-leases.ts'

const LEASE_MS = 60_000
const start = new Date('2026-02-03T04:05:06.345Z')
const place = { environment: 'sat', minerHotkey: 'miner' }

/** Held leases at a time that the test moves, and whom they renewed. */
function leasesAt(): { leases: HeldLeases; renewed: number[]; pass: (ms: number) => void } {
  let elapsedMs = 0
  const renewed: number[] = []
  const clock = {
    now: () => new Date(start.getTime() + elapsedMs),
    monotonicMs: () => 1_000 + elapsedMs,
    sleep: () => Promise.resolve(),
  }
  const heartbeat = ({ key }: { key: { taskId: number } }): Promise<SamplingTask> => {
    renewed.push(key.taskId)
    return Promise.resolve(claimedTask(key.taskId, clock.now()))
  }
  const leases = new HeldLeases({ samplingTasks: { heartbeat }, clock, log: silentLogger })
  return { leases, renewed, pass: (ms) => void (elapsedMs += ms) }
}

function claimedTask(taskId: number, claimedAt: Date): SamplingTask {
  const task = openTask(buildSamplingTask(place, { taskId }), claimedAt)
  const expiresAt = new Date(claimedAt.getTime() + LEASE_MS)
  return { ...task, status: 'claimed', attempts: 1, lease: { owner: 'host', token: 'claim', expiresAt } }
}

it('renews a lease after a third of it, counted from the claim, however long the claim took', async () => {
  const { leases, renewed, pass } = leasesAt()
  const early = claimedTask(1, start)
  pass(15_000)
  leases.hold(early, 'claim', LEASE_MS)
  leases.hold(claimedTask(2, new Date(start.getTime() + 15_000)), 'claim', LEASE_MS)
  await leases.renew(LEASE_MS)
  expect(renewed).toEqual([])
  pass(5_000)
  await leases.renew(LEASE_MS)
  expect(renewed).toEqual([1])
  pass(15_000)
  await leases.renew(LEASE_MS)
  expect(renewed).toEqual([1, 2])
})

it.each([
  ['ran out while it was claimed', -2 * LEASE_MS, [1]],
  ['seems longer than it is, since the clock was set back', 10 * LEASE_MS, []],
])('holds a lease that %s', async (_name, claimedAfterMs, expected) => {
  const { leases, renewed, pass } = leasesAt()
  leases.hold(claimedTask(1, new Date(start.getTime() + claimedAfterMs)), 'claim', LEASE_MS)
  await leases.renew(LEASE_MS)
  expect(renewed).toEqual(expected)
  pass(LEASE_MS / 3)
  await leases.renew(LEASE_MS)
  expect(renewed).toHaveLength(expected.length + 1)
})
