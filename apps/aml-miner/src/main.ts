#!/usr/bin/env node
import { runMain } from '@subnetkit/core/cli'

import metadata from '../package.json' with { type: 'json' }
import { readConfig } from './config.ts'
import { minerProgram } from './program.ts'

const makeProgram = (): ReturnType<typeof minerProgram> => minerProgram(readConfig(), metadata.version)
process.exitCode = await runMain(makeProgram, process.argv.slice(2), process)
