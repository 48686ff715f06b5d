import { describe, expect, it } from 'vitest'

import { countSatisfied, formulaText, plantFormula } from './formula.ts'
import { TaskDraws } from './task-draws.ts'

describe('plantFormula', () => {
  const small = plantFormula(new TaskDraws('small'), 8, 33)

  it('has a solution, found by trying all', () => {
    const solutions = Array.from({ length: 256 }, (_, bits) => bits).filter((bits) => {
      const assignment = new Map(Array.from({ length: 8 }, (_, i) => [i + 1, ((bits >> i) & 1) === 1]))
      return countSatisfied(small, assignment) === small.clauses.length
    })
    expect(solutions.length).toBeGreaterThan(0)
    expect(solutions.length).toBeLessThan(40)
  })

  it('has different clauses of three different variables', () => {
    expect(new Set(small.clauses.map((clause) => clause.join(' '))).size).toBe(33)
    for (const clause of small.clauses) expect(new Set(clause.map(Math.abs)).size).toBe(3)
  })

  it('betrays nothing by how often a variable is negated', () => {
    // Each variable set to the sign that it has in most clauses: with a naive plant this solves nearly all clauses.
    let satisfied = 0
    let clauses = 0
    for (let i = 0; i < 100; i += 1) {
      const formula = plantFormula(new TaskDraws(`bias ${i}`), 30, 126)
      const balance = new Map<number, number>()
      for (const literal of formula.clauses.flat()) {
        balance.set(Math.abs(literal), (balance.get(Math.abs(literal)) ?? 0) + Math.sign(literal))
      }
      const majority = new Map([...balance].map(([variable, sum]) => [variable, sum > 0]))
      const count = countSatisfied(formula, majority)
      expect(count).toBeLessThan(formula.clauses.length)
      satisfied += count
      clauses += formula.clauses.length
    }
    expect(satisfied / clauses).toBeLessThan(0.96)
  })

  it('counts a variable that is left out as true for no literal', () => {
    expect(countSatisfied(small, new Map())).toBe(0)
  })

  it('is written as people read it', () => {
    expect(formulaText({ variableCount: 3, clauses: [[1, -2, 3]] })).toBe('(x1 OR NOT x2 OR x3)')
  })
})
