import { trivialInputs, type ProgramValue } from './program-value.ts'
import { drawInputs, drawProgram, programClass, runProgram, type TaskProgram } from './task-program.ts'
import { checkTaskId, taskDraws } from './task-seed.ts'

/** A program, an output of it, and an input that gives it. */
export interface AbductionTask {
  readonly program: TaskProgram
  /** One that works; others may as well. */
  readonly input: ProgramValue
  /** JSON text. */
  readonly output: string
}

const RIVALS = 24
const MAX_OUTPUT_CHARACTERS = 300

/** The abduction task of an id: first guesses do not hit the output. @throws InputError when the id is out of range. */
export function abductionTask(taskId: number, secret: string): AbductionTask {
  checkTaskId('abduction', taskId)
  const draws = taskDraws('abduction', taskId, secret)
  for (;;) {
    const program = drawProgram(draws, programClass(taskId).length)
    const [input, ...rivals] = drawInputs(draws, program.inputKind, RIVALS + 1)
    if (input === undefined) continue
    const output = outputText(program, input)
    const guesses = [...rivals, ...trivialInputs[program.inputKind]]
    const isHit = guesses.some((guess) => outputText(program, guess) === output)
    if (!isHit && output.length <= MAX_OUTPUT_CHARACTERS && JSON.stringify(input) !== output) {
      return { program, input, output }
    }
  }
}

function outputText(program: TaskProgram, input: ProgramValue): string {
  return JSON.stringify(runProgram(program, input))
}
