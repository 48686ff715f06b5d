import type { ProgramValue } from './program-value.ts'
import { checkTaskId, taskDraws } from './task-seed.ts'
import { drawInputs, drawProgram, programClass, runProgram, type TaskProgram } from './task-program.ts'

/** One call of the program that is to be found: JSON texts, so that equal means equal. */
export interface ProgramExample {
  readonly input: string
  readonly output: string
}

/** A program to find, what the miner sees of it, and what decides. */
export interface DeductionTask {
  readonly program: TaskProgram
  readonly shown: readonly ProgramExample[]
  readonly hidden: readonly ProgramExample[]
}

const SHOWN = 10
const HIDDEN = 14
const MAX_OUTPUT_CHARACTERS = 200
/** A constant, or a guess at the commonest output, must be right for few examples. */
const MAX_EQUAL_OUTPUTS = 5

/** The deduction task of an id. @throws InputError when the id is out of range. */
export function deductionTask(taskId: number, secret: string): DeductionTask {
  checkTaskId('deduction', taskId)
  const draws = taskDraws('deduction', taskId, secret)
  for (;;) {
    const program = drawProgram(draws, programClass(taskId).length, (family) => !family.isScrambling)
    const examples = drawInputs(draws, program.inputKind, SHOWN + HIDDEN).map((input) =>
      example(program, input),
    )
    if (isTelling(examples)) {
      return { program, shown: examples.slice(0, SHOWN), hidden: examples.slice(SHOWN) }
    }
  }
}

function example(program: TaskProgram, input: ProgramValue): ProgramExample {
  return { input: JSON.stringify(input), output: JSON.stringify(runProgram(program, input)) }
}

function isTelling(examples: readonly ProgramExample[]): boolean {
  const counts = new Map<string, number>()
  for (const { output } of examples) counts.set(output, (counts.get(output) ?? 0) + 1)
  const isEcho = examples.every(({ input, output }) => input === output)
  const isShort = examples.every(({ output }) => output.length <= MAX_OUTPUT_CHARACTERS)
  return !isEcho && isShort && Math.max(...counts.values()) <= MAX_EQUAL_OUTPUTS
}
