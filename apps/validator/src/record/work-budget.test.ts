import { describe, expect, it } from 'vitest'

import { WorkBudget } from './work-budget.ts'

const limit = 100
const left = (budget: WorkBudget): readonly boolean[] => [
  budget.leavesOut('statistics'),
  budget.leavesOut('traces'),
]

/** One pass that spends so much. */
function pass(budget: WorkBudget, ms: number, isHeavy = true): ReturnType<WorkBudget['turn']> {
  budget.spend(ms, isHeavy)
  return budget.turn(limit)
}

describe('the budget of a pass', () => {
  it('leaves nothing out while passes stay within it, the limit itself included', () => {
    const budget = new WorkBudget()
    expect(pass(budget, 100)).toEqual({ spentMs: 100, isOver: false, restPasses: 0 })
    expect(left(budget)).toEqual([false, false])
  })

  it('leaves statistics out at first, traces too when that did not help, and doubles the rest each time', () => {
    const budget = new WorkBudget()
    expect(pass(budget, 101)).toEqual({ spentMs: 101, isOver: true, restPasses: 1 })
    expect(left(budget)).toEqual([true, false])
    expect(pass(budget, 500)).toMatchObject({ isOver: true, restPasses: 2 })
    expect(left(budget)).toEqual([true, true])
    const rests = Array.from({ length: 8 }, () => pass(budget, 500).restPasses)
    expect(rests).toEqual([4, 8, 16, 32, 64, 64, 64, 64])
  })

  it('tries again after the rest, and forgets only after a whole pass within the limit', () => {
    const budget = new WorkBudget()
    pass(budget, 101)
    pass(budget, 101)
    expect(pass(budget, 0, false).restPasses).toBe(1)
    expect(left(budget)).toEqual([true, true])
    expect(pass(budget, 0, false).restPasses).toBe(0)
    expect(left(budget)).toEqual([false, false])
    // A pass with nothing heavy to do proves nothing.
    pass(budget, 1, false)
    expect(pass(budget, 101).restPasses).toBe(4)
    for (let passes = 0; passes < 4; passes += 1) pass(budget, 0, false)
    pass(budget, 50)
    expect(pass(budget, 101).restPasses).toBe(1)
  })

  it('starts no heavy work when nothing is left', () => {
    const budget = new WorkBudget()
    expect(budget.hasRoom(limit)).toBe(true)
    budget.spend(60, true)
    budget.spend(-5, true)
    expect(budget.hasRoom(limit)).toBe(true)
    budget.spend(40, true)
    expect(budget.hasRoom(limit)).toBe(false)
    budget.turn(limit)
    expect(budget.hasRoom(limit)).toBe(true)
    expect(budget.hasRoom(0)).toBe(false)
  })

  it('is lifted until the next pass begins', () => {
    const budget = new WorkBudget()
    pass(budget, 101)
    pass(budget, 101)
    budget.spend(500, true)
    budget.lift()
    expect([...left(budget), budget.hasRoom(limit)]).toEqual([false, false, true])
    budget.turn(limit)
    expect([...left(budget), budget.hasRoom(limit)]).toEqual([true, true, true])
  })
})
