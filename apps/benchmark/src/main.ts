#!/usr/bin/env node
import { isInputError } from '@subnetkit/core'
import { runProgram } from '@subnetkit/core/cli'

import metadata from '../package.json' with { type: 'json' }
import { readConfig } from './config.ts'
import { benchmarkProgram } from './program.ts'

try {
  process.exitCode = await runProgram(
    benchmarkProgram(readConfig(), metadata.version),
    process.argv.slice(2),
    process,
  )
} catch (error) {
  // Only the environment can be wrong this early: a program reports its own failures.
  if (!isInputError(error)) throw error
  process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = 2
}
