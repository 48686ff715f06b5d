#!/usr/bin/env node
import { runMain } from '@subnetkit/core/cli'

import metadata from '../package.json' with { type: 'json' }
import { readConfig } from './config.ts'
import { benchmarkProgram } from './program.ts'

const makeProgram = (): ReturnType<typeof benchmarkProgram> =>
  benchmarkProgram(readConfig(), metadata.version)
process.exitCode = await runMain(makeProgram, process.argv.slice(2), process)
