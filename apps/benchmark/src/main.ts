#!/usr/bin/env node
import { createShutdown } from '@subnetkit/core'

import { runProgram } from './commands/run-program.ts'

const shutdown = createShutdown({ process })
process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: shutdown.signal,
  monotonicMs: () => performance.now(),
})
shutdown.close()
