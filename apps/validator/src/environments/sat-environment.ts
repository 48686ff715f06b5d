import type { Environment, EnvironmentTask, Verdict } from '../ports/environment.ts'
import { MAX_ANSWER_CHARACTERS } from './answer-text.ts'
import { countSatisfied, formulaText, plantFormula, type Formula } from './formula.ts'
import { parseAssignment } from './parse-assignment.ts'
import { checkTaskId, modelSeed, TASK_COUNT, taskDraws } from './task-seed.ts'
import { solved, unsolved } from './verdicts.ts'

const NAME = 'sat'

/** Variables by difficulty class, which is the task id modulo their number. */
const variablesByClass = [8, 12, 18, 26, 36] as const

/** Just below the ratio at which formulas of three literals stop having solutions, where finding one is hardest. */
const CLAUSES_PER_10_VARIABLES = 42

/**
 * Boolean satisfiability: find an assignment that makes every clause true. Any one that does is worth 1; an answer is
 * read leniently and checked strictly.
 */
export function createSatEnvironment(secret: string): Environment {
  const formulaOf = (taskId: number): Formula => {
    checkTaskId(NAME, taskId)
    const variableCount = variablesByClass[taskId % variablesByClass.length] ?? variablesByClass[0]
    const clauseCount = Math.floor((variableCount * CLAUSES_PER_10_VARIABLES) / 10)
    return plantFormula(taskDraws(NAME, taskId, secret), variableCount, clauseCount)
  }
  return {
    name: NAME,
    taskCount: TASK_COUNT,
    scoreRange: [0, 1],
    generate: (taskId) => toTask(taskId, formulaOf(taskId)),
    verify: async ({ taskId, answer, signal }) => {
      signal?.throwIfAborted()
      return judge(formulaOf(taskId), answer)
    },
    close: async () => {},
  }
}

function toTask(taskId: number, formula: Formula): EnvironmentTask {
  return {
    taskId,
    subset: `variables-${formula.variableCount}`,
    datasetIndex: Math.floor(taskId / variablesByClass.length),
    prompt: [
      {
        role: 'system',
        content: 'You solve logic puzzles. Think as long as you need, then answer as asked.',
      },
      { role: 'user', content: promptText(formula) },
    ],
    seed: modelSeed(NAME, taskId),
  }
}

function promptText(formula: Formula): string {
  return [
    `Find values for the variables x1 to x${formula.variableCount} that make this formula true:`,
    '',
    formulaText(formula),
    '',
    'End your answer with one JSON object that gives every variable, for example:',
    '{"x1": true, "x2": false, "x3": true}',
  ].join('\n')
}

function judge(formula: Formula, answer: string): Verdict {
  if (answer.length > MAX_ANSWER_CHARACTERS) return unsolved('too_long')
  const assignment = parseAssignment(answer)
  if (assignment.size === 0) return unsolved('no_assignment')
  const satisfied = countSatisfied(formula, assignment)
  const details = { satisfied, clauses: formula.clauses.length }
  return satisfied === formula.clauses.length ? solved(details) : unsolved('unsatisfied', details)
}
