import { isInputError } from '../errors/input-error.ts'
import { runProgram, type Program, type ProgramHost } from './run-program.ts'

/**
 * What a bin's `main.ts` does: makes the program from its environment, runs it, and resolves with the exit code. Only the
 * environment can be wrong before a program is there: that is 2, as any bad input; a program reports its own failures.
 */
export async function runMain(
  makeProgram: () => Program,
  argv: readonly string[],
  host: ProgramHost,
): Promise<number> {
  try {
    return await runProgram(makeProgram(), argv, host)
  } catch (error) {
    if (!isInputError(error)) throw error
    host.stderr.write(`error: ${error.message}\n`)
    return 2
  }
}
