#!/usr/bin/env node
import { runProgram } from '@subnetkit/core/cli'

import { benchmarkProgram } from './program.ts'

process.exitCode = await runProgram(benchmarkProgram, process.argv.slice(2), process)
