import type { Environment, EnvironmentTask, Verdict } from '../ports/environment.ts'
import type { ProgramSandbox } from '../ports/program-sandbox.ts'
import { abductionTask, type AbductionTask } from './abduction-task.ts'
import { lastFlatObject, MAX_ANSWER_CHARACTERS, parseJson } from './answer-text.ts'
import { isAllowedInput, type ValueKind } from './program-value.ts'
import { programClass, programSource } from './task-program.ts'
import { modelSeed, TASK_COUNT } from './task-seed.ts'
import { solved, unsolved } from './verdicts.ts'

const NAME = 'abduction'

const kindText: Readonly<Record<ValueKind, string>> = {
  number: 'one whole number from -1000000 to 1000000',
  text: 'one string of at most 64 printable ASCII characters',
  numbers: 'a list of at most 64 whole numbers from -1000000 to 1000000',
}

/** Given a program and an output, find an input that gives it. Any that does is worth 1, whatever was meant. */
export function createAbductionEnvironment(secret: string, sandbox: ProgramSandbox): Environment {
  return {
    name: NAME,
    taskCount: TASK_COUNT,
    scoreRange: [0, 1],
    generate: (taskId) => toTask(taskId, abductionTask(taskId, secret)),
    verify: async ({ taskId, answer, signal }) => {
      signal?.throwIfAborted()
      return await judge(abductionTask(taskId, secret), answer, sandbox, signal)
    },
    close: async () => {},
  }
}

function toTask(taskId: number, task: AbductionTask): EnvironmentTask {
  const { length, datasetIndex } = programClass(taskId)
  const content = [
    'This JavaScript function was called with one argument:',
    '',
    programSource(task.program),
    '',
    `It returned exactly this: ${task.output}`,
    `Find an argument for which it does. It must be ${kindText[task.program.inputKind]}.`,
    '',
    'End your answer with one JSON object that holds it, for example:',
    '{"input": 0}',
  ]
  return {
    taskId,
    subset: `steps-${length}`,
    datasetIndex,
    prompt: [
      { role: 'system', content: 'You run programs backwards. Think first, then answer as asked.' },
      { role: 'user', content: content.join('\n') },
    ],
    seed: modelSeed(NAME, taskId),
  }
}

async function judge(
  task: AbductionTask,
  answer: string,
  sandbox: ProgramSandbox,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  if (answer.length > MAX_ANSWER_CHARACTERS) return unsolved('too_long')
  const input = inputOf(answer)
  if (input === undefined) return unsolved('no_input')
  if (!isAllowedInput(input, task.program.inputKind)) return unsolved('wrong_input')
  const run = await sandbox.run({
    source: programSource(task.program),
    inputs: [JSON.stringify(input)],
    ...(signal === undefined ? {} : { signal }),
  })
  if (run.kind === 'refused') return unsolved(run.reason)
  return run.outputs[0] === task.output ? solved() : unsolved('wrong_output')
}

/** The input that an answer gives: `input` of its last JSON object that has one. Undefined when there is none. */
function inputOf(answer: string): unknown {
  for (const text of [lastFlatObject(answer), lastInputObject(answer)]) {
    const parsed = parseJson(text ?? '')
    if (typeof parsed === 'object' && parsed !== null && 'input' in parsed) return parsed.input
  }
  return undefined
}

/** An input of text may itself hold braces: the object then runs from the last `{"input"` to the last brace. */
function lastInputObject(answer: string): string | null {
  const start = Math.max(answer.lastIndexOf('{"input"'), answer.lastIndexOf('{ "input"'))
  const end = answer.lastIndexOf('}')
  return start < 0 || end < start ? null : answer.slice(start, end + 1)
}
