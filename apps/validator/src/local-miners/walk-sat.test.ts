import { describe, expect, it } from 'vitest'

import { countSatisfied, formulaText, plantFormula } from '../environments/formula.ts'
import { TaskDraws } from '../environments/task-draws.ts'
import { readFormula, walkSat } from './walk-sat.ts'

describe('walkSat', () => {
  it('solves what tasks ask', () => {
    for (let i = 0; i < 20; i += 1) {
      const formula = plantFormula(new TaskDraws(`formula ${i}`), 36, 151)
      const found = walkSat(formula, new TaskDraws(`walk ${i}`))
      expect(found === null ? 0 : countSatisfied(formula, found)).toBe(151)
    }
  })

  it('gives up on what has no solution', () => {
    const clauses = [-1, 1].flatMap((a) => [-2, 2].flatMap((b) => [-3, 3].map((c) => [a, b, c])))
    expect(walkSat({ variableCount: 3, clauses }, new TaskDraws('none'))).toBeNull()
  })
})

describe('readFormula', () => {
  it('reads what is written for people', () => {
    const formula = plantFormula(new TaskDraws('read'), 8, 33)
    expect(readFormula(`Find:\n\n${formulaText(formula)}\n\nEnd`)?.clauses).toEqual(formula.clauses)
  })

  it.each(['', 'nothing here', '(x1 OR y)', '(a)'])('finds none in "%s"', (prompt) => {
    expect(readFormula(prompt)).toBeNull()
  })
})
