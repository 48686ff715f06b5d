import type { Environment, EnvironmentTask, Verdict } from '../ports/environment.ts'
import type { ProgramSandbox } from '../ports/program-sandbox.ts'
import { lastFencedBlock, MAX_ANSWER_CHARACTERS } from './answer-text.ts'
import { deductionTask, type DeductionTask } from './deduction-task.ts'
import { programClass } from './task-program.ts'
import { modelSeed, TASK_COUNT } from './task-seed.ts'
import { solved, unsolved } from './verdicts.ts'

const NAME = 'deduction'

/**
 * Find a function from examples. The score is 1 when every example, shown or hidden, comes out exactly, else 0: shares
 * would pay for guessing common outputs. The share that came out stands in the details.
 */
export function createDeductionEnvironment(secret: string, sandbox: ProgramSandbox): Environment {
  return {
    name: NAME,
    taskCount: TASK_COUNT,
    scoreRange: [0, 1],
    generate: (taskId) => toTask(taskId, deductionTask(taskId, secret)),
    verify: async ({ taskId, answer, signal }) => {
      signal?.throwIfAborted()
      const task = deductionTask(taskId, secret)
      if (answer.length > MAX_ANSWER_CHARACTERS) return unsolved('too_long')
      return await judge(task, sourceOf(answer), sandbox, signal)
    },
    close: async () => {},
  }
}

function toTask(taskId: number, task: DeductionTask): EnvironmentTask {
  const { length, datasetIndex } = programClass(taskId)
  const lines = task.shown.map(({ input, output }) => `solve(${input}) returns ${output}`)
  const content = [
    'Find a rule behind these examples and write it as a JavaScript function `solve(v)` of one argument.',
    'It must give exactly these outputs, and the right ones for other inputs of the same kind.',
    '',
    ...lines,
    '',
    'End your answer with the function in one code block:',
    '```js',
    'function solve(v) {',
    '  return v',
    '}',
    '```',
    'Plain JavaScript only: no modules, no waiting, no clock, no randomness.',
  ]
  return {
    taskId,
    subset: `steps-${length}`,
    datasetIndex,
    prompt: [
      { role: 'system', content: 'You find programs from examples. Think first, then answer as asked.' },
      { role: 'user', content: content.join('\n') },
    ],
    seed: modelSeed(NAME, taskId),
  }
}

/** The program in an answer: its last code block, else all of it; `export` before a declaration is forgiven. */
function sourceOf(answer: string): string {
  const source = (lastFencedBlock(answer) ?? answer).trim()
  return source.replace(/^export (?:default )?(?=async |function|const |let |class )/gm, '')
}

async function judge(
  task: DeductionTask,
  source: string,
  sandbox: ProgramSandbox,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  const examples = [...task.shown, ...task.hidden]
  const inputs = examples.map(({ input }) => input)
  const run = await sandbox.run({ source, inputs, ...(signal === undefined ? {} : { signal }) })
  if (run.kind === 'refused') return unsolved(run.reason)
  const isRight = examples.map(({ output }, index) => run.outputs[index] === output)
  const details = {
    shownRight: countTrue(isRight.slice(0, task.shown.length)),
    shown: task.shown.length,
    hiddenRight: countTrue(isRight.slice(task.shown.length)),
    hidden: task.hidden.length,
  }
  return isRight.every(Boolean) ? solved(details) : unsolved('wrong_output', details)
}

function countTrue(list: readonly boolean[]): number {
  return list.filter(Boolean).length
}
