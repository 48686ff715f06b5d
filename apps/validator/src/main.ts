#!/usr/bin/env node
import { runMain } from '@subnetkit/core/cli'

import { readConfig } from './config.ts'
import { validatorProgram } from './program.ts'

process.exitCode = await runMain(() => validatorProgram(readConfig()), process.argv.slice(2), process)
