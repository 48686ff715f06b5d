#!/usr/bin/env node
import { runProgram } from '@subnetkit/core/cli'

import { readConfig } from './config.ts'
import { validatorProgram } from './program.ts'

try {
  process.exitCode = await runProgram(validatorProgram(readConfig()), process.argv.slice(2), process)
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
