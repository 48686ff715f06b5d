import { abductionTask } from '../environments/abduction-task.ts'
import { deductionTask } from '../environments/deduction-task.ts'
import { drawInput } from '../environments/program-value.ts'
import { programSource } from '../environments/task-program.ts'
import type { TaskDraws } from '../environments/task-draws.ts'
import { createTaskFinder } from './task-finder.ts'
import { randomAssignment, readFormula, walkSat } from './walk-sat.ts'

/** What a local miner is asked. */
export interface AskedTask {
  readonly prompt: string
  readonly seed: number
}

/** How local miners work on one environment. */
export interface Solver {
  readonly environment: string
  /** Whether a prompt is one of this environment. */
  canRead(prompt: string): boolean
  /** An answer that is right, or as near as the miner gets. */
  solve(task: AskedTask, draws: TaskDraws): string
  /** An answer that is wrong, but for luck. */
  guess(task: AskedTask, draws: TaskDraws): string
}

/** One solver per environment. They know the secret of the tasks; what real miners must think out, these look up. */
export function createSolvers(secret: string): readonly Solver[] {
  return [createSatSolver(), createDeductionSolver(secret), createAbductionSolver(secret)]
}

function createSatSolver(): Solver {
  const answer = (assignment: ReadonlyMap<number, boolean>): string =>
    JSON.stringify(Object.fromEntries([...assignment].map(([variable, value]) => [`x${variable}`, value])))
  const guess: Solver['guess'] = ({ prompt }, draws) => {
    const formula = readFormula(prompt)
    return formula === null ? 'I see no formula.' : answer(randomAssignment(formula, draws))
  }
  return {
    environment: 'sat',
    canRead: (prompt) => prompt.startsWith('Find values for the variables'),
    guess,
    solve: (task, draws) => {
      const formula = readFormula(task.prompt)
      const found = formula === null ? null : walkSat(formula, draws)
      return found === null ? guess(task, draws) : `After some search:\n${answer(found)}`
    },
  }
}

function createDeductionSolver(secret: string): Solver {
  const find = createTaskFinder('deduction')
  const guess = (): string => '```js\nfunction solve(v) {\n  return v\n}\n```'
  return {
    environment: 'deduction',
    canRead: (prompt) => prompt.startsWith('Find a rule behind these examples'),
    guess,
    solve: ({ seed }) => {
      const taskId = find(seed)
      if (taskId === null) return guess()
      return `The rule:\n\`\`\`js\n${programSource(deductionTask(taskId, secret).program)}\n\`\`\``
    },
  }
}

function createAbductionSolver(secret: string): Solver {
  const find = createTaskFinder('abduction')
  const guess: Solver['guess'] = (_task, draws) => JSON.stringify({ input: drawInput(draws, 'numbers') })
  return {
    environment: 'abduction',
    canRead: (prompt) => prompt.startsWith('This JavaScript function was called'),
    guess,
    solve: (task, draws) => {
      const taskId = find(task.seed)
      if (taskId === null) return guess(task, draws)
      return `Backwards from the end:\n${JSON.stringify({ input: abductionTask(taskId, secret).input })}`
    },
  }
}
