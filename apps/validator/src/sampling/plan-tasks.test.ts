import { describe, expect, it } from 'vitest'

import { planTasks } from './plan-tasks.ts'

const base = { range: [0, 10] as const, presentTaskIds: [], openTaskIds: [], maxOpenTasks: 100 }

describe('planTasks', () => {
  it('wants everything where there is nothing', () => {
    expect(planTasks(base)).toEqual({
      taskIds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      present: 0,
      open: 0,
      unsettled: 0,
      missing: 10,
    })
  })

  it('leaves out what is present, what is open and what is blocked, lowest first', () => {
    const plan = planTasks({
      ...base,
      presentTaskIds: [0, 3],
      openTaskIds: [1, 9],
      blockedTaskIds: new Set([2]),
    })
    expect(plan).toEqual({ taskIds: [4, 5, 6, 7, 8], present: 2, open: 2, unsettled: 0, missing: 8 })
  })

  it('fills up the open ones and no more', () => {
    expect(planTasks({ ...base, openTaskIds: [0, 1], maxOpenTasks: 5 }).taskIds).toEqual([2, 3, 4])
    expect(planTasks({ ...base, openTaskIds: [0, 1], maxOpenTasks: 2 }).taskIds).toEqual([])
    expect(planTasks({ ...base, openTaskIds: [0, 1, 2], maxOpenTasks: 2 }).taskIds).toEqual([])
  })

  it('counts open tasks outside the range against the room, and ids outside it as nothing', () => {
    const plan = planTasks({
      ...base,
      range: [5, 8],
      presentTaskIds: [0, 5, 100],
      openTaskIds: [1, 7, 900],
      maxOpenTasks: 4,
    })
    expect(plan).toEqual({ taskIds: [6], present: 1, open: 1, unsettled: 0, missing: 2 })
  })

  it('takes an id that is present and still open as present', () => {
    expect(planTasks({ ...base, range: [0, 2], presentTaskIds: [0], openTaskIds: [0] })).toEqual({
      taskIds: [1],
      present: 1,
      open: 0,
      unsettled: 1,
      missing: 1,
    })
  })

  it('agrees with sets on any lists', () => {
    let state = 7
    const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    for (let round = 0; round < 200; round += 1) {
      const pick = (share: number): number[] =>
        Array.from({ length: 60 }, (_, id) => id).filter(() => next() < share)
      const from = Math.floor(next() * 30)
      const to = from + 1 + Math.floor(next() * 30)
      const [presentTaskIds, openTaskIds] = [pick(0.4), pick(0.3)]
      const wanted = Array.from({ length: to - from }, (_, index) => from + index).filter(
        (id) => !presentTaskIds.includes(id) && !openTaskIds.includes(id),
      )
      const room = Math.max(0, 12 - openTaskIds.length)
      const plan = planTasks({ range: [from, to], presentTaskIds, openTaskIds, maxOpenTasks: 12 })
      expect(plan.taskIds).toEqual(wanted.slice(0, room))
      expect(plan.missing).toBe(wanted.length + plan.open)
    }
  })
})
