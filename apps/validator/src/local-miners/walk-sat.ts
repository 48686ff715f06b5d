import type { Formula, Literal } from '../environments/formula.ts'
import type { TaskDraws } from '../environments/task-draws.ts'

const MAX_FLIPS = 20_000

/**
 * Looks for a solution by changing one variable of a false clause at a time (WalkSAT). Null when none was found in
 * 20,000 changes; formulas of 36 variables mostly take a few hundred.
 */
export function walkSat(formula: Formula, draws: TaskDraws): ReadonlyMap<number, boolean> | null {
  const values = [false, ...randomAssignment(formula, draws).values()]
  for (let flips = 0; flips < MAX_FLIPS; flips += 1) {
    const wrong = formula.clauses.filter((clause) => !isSatisfied(values, clause))
    if (wrong.length === 0) return new Map(values.slice(1).map((value, index) => [index + 1, value]))
    const clause = draws.pick(wrong)
    const variable = draws.below(2) === 0 ? Math.abs(draws.pick(clause)) : bestFlip(formula, values, clause)
    values[variable] = values[variable] !== true
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

function isSatisfied(values: readonly boolean[], clause: readonly Literal[]): boolean {
  return clause.some((literal) => values[Math.abs(literal)] === literal > 0)
}

/** The variable of the clause whose change leaves the fewest clauses false. */
function bestFlip(formula: Formula, values: boolean[], clause: readonly Literal[]): number {
  let best = 0
  let fewest = Number.POSITIVE_INFINITY
  for (const variable of clause.map(Math.abs)) {
    const before = values[variable] === true
    values[variable] = !before
    const wrong = formula.clauses.reduce((sum, other) => sum + (isSatisfied(values, other) ? 0 : 1), 0)
    values[variable] = before
    if (wrong < fewest) [best, fewest] = [variable, wrong]
  }
  return best
}
