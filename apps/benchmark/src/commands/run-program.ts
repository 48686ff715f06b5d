import { isAbortError, isInputError } from '@subnetkit/core'
import { Command, CommanderError } from 'commander'

import { addDatasetCommands } from './dataset-commands.ts'
import type { Terminal } from './terminal.ts'

const EXIT_FAILURE = 1
const EXIT_USAGE = 2
const EXIT_INTERRUPTED = 130

/** Runs one command line and returns the exit code: 0 done, 2 bad input (nothing written), 130 interrupted, 1 anything else. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('benchmark')
    .description('Datasets with planted truth, for measuring detectors and miners.')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError('(add --help for the options and examples)')
  addDatasetCommands(program, terminal)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has already said what is wrong; asking for help is no failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
    if (isAbortError(error)) {
      terminal.stderr.write('interrupted: nothing was written\n')
      return EXIT_INTERRUPTED
    }
    terminal.stderr.write(`benchmark: ${error instanceof Error ? error.message : String(error)}\n`)
    return isInputError(error) ? EXIT_USAGE : EXIT_FAILURE
  }
}
