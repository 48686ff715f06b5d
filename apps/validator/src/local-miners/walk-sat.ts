import { countSatisfied, type Formula, type Literal } from '../environments/formula.ts'
import type { TaskDraws } from '../environments/task-draws.ts'

const MAX_FLIPS = 100_000

/**
 * Looks for a solution by changing one variable of a false clause at a time (WalkSAT). Null when none was found in
 * 100,000 changes; formulas of 36 variables mostly take a few hundred.
 */
export function walkSat(formula: Formula, draws: TaskDraws): ReadonlyMap<number, boolean> | null {
  const assignment = randomAssignment(formula, draws)
  for (let flips = 0; flips < MAX_FLIPS; flips += 1) {
    const wrong = formula.clauses.filter((clause) => !clause.some((literal) => isTrue(assignment, literal)))
    if (wrong.length === 0) return assignment
    const clause = draws.pick(wrong)
    const variable =
      draws.below(2) === 0 ? Math.abs(draws.pick(clause)) : bestFlip(formula, assignment, clause)
    assignment.set(variable, assignment.get(variable) !== true)
  }
  return null
}

/** Any assignment, as a miner without a clue would give. */
export function randomAssignment(formula: Formula, draws: TaskDraws): Map<number, boolean> {
  return new Map(Array.from({ length: formula.variableCount }, (_, i) => [i + 1, draws.below(2) === 1]))
}

/** Reads the formula out of a prompt; null when it holds none. */
export function readFormula(prompt: string): Formula | null {
  const clauses = [...prompt.matchAll(/^\((.{1,80})\)(?: AND)?$/gm)].map(([, clause = '']) =>
    clause.split(' OR ').map((literal) => Number(literal.replace('NOT x', '-').replace('x', ''))),
  )
  const variableCount = Math.max(0, ...clauses.flat().map(Math.abs))
  return clauses.length === 0 || !Number.isInteger(variableCount) ? null : { variableCount, clauses }
}

function isTrue(assignment: ReadonlyMap<number, boolean>, literal: Literal): boolean {
  return assignment.get(Math.abs(literal)) === literal > 0
}

function bestFlip(formula: Formula, assignment: Map<number, boolean>, clause: readonly Literal[]): number {
  let best = 0
  let most = -1
  for (const variable of clause.map(Math.abs)) {
    const before = assignment.get(variable) === true
    assignment.set(variable, !before)
    const satisfied = countSatisfied(formula, assignment)
    assignment.set(variable, before)
    if (satisfied > most) [best, most] = [variable, satisfied]
  }
  return best
}
