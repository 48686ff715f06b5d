import type { TaskDraws } from './task-draws.ts'

/** A literal: the number of a variable from 1 on, negative when it is negated. */
export type Literal = number

/** Clauses of three literals over different variables; each clause must have a true literal. */
export interface Formula {
  readonly variableCount: number
  readonly clauses: readonly (readonly Literal[])[]
}

/**
 * How many of 100,000 clauses have one, two or three literals that the planted solution makes true. The shares fall by
 * the golden ratio, so that on average half of all literals agree with the solution and counting them betrays nothing.
 */
const SHARES_BY_TRUE_LITERALS = [57_295, 35_410, 7_295] as const

/** A formula that has at least one solution, drawn from nothing but `draws`. */
export function plantFormula(draws: TaskDraws, variableCount: number, clauseCount: number): Formula {
  const solution = Array.from({ length: variableCount }, () => draws.below(2) === 1)
  const clauses: (readonly Literal[])[] = []
  const known = new Set<string>()
  while (clauses.length < clauseCount) {
    const places = draws.different(3, variableCount)
    const truePlaces = new Set(draws.different(drawTrueLiterals(draws), 3))
    const clause = places
      .toSorted((left, right) => left - right)
      .map((place, index) => (solution[place] === truePlaces.has(index) ? place + 1 : -(place + 1)))
    const key = clause.join(' ')
    if (known.has(key)) continue
    known.add(key)
    clauses.push(clause)
  }
  return { variableCount, clauses }
}

function drawTrueLiterals(draws: TaskDraws): number {
  const drawn = draws.below(100_000)
  if (drawn < SHARES_BY_TRUE_LITERALS[0]) return 1
  return drawn < SHARES_BY_TRUE_LITERALS[0] + SHARES_BY_TRUE_LITERALS[1] ? 2 : 3
}

/** How many clauses the assignment makes true; a variable that it leaves out makes no literal true. */
export function countSatisfied(formula: Formula, assignment: ReadonlyMap<number, boolean>): number {
  return formula.clauses.filter((clause) =>
    clause.some((literal) => assignment.get(Math.abs(literal)) === literal > 0),
  ).length
}

/** The formula as a person reads it: one clause per line, `(x1 OR NOT x2 OR x7)`. */
export function formulaText(formula: Formula): string {
  return formula.clauses
    .map((clause) => `(${clause.map((literal) => literalText(literal)).join(' OR ')})`)
    .join(' AND\n')
}

function literalText(literal: Literal): string {
  return literal > 0 ? `x${literal}` : `NOT x${-literal}`
}
