import { createProgram } from '@subnetkit/core/cli'
import type { Program } from '@subnetkit/core/cli'

import { checkCommand } from './commands/check-command.ts'
import { baselineCommands } from './commands/baseline-commands.ts'
import { cleanCommand } from './commands/clean-command.ts'
import { datasetCommands } from './commands/dataset-commands.ts'
import { epochCommands } from './commands/epoch-commands.ts'
import { rankCommand } from './commands/rank-command.ts'
import { submissionCommands } from './commands/submission-commands.ts'
import { tournamentCommands } from './commands/tournament-commands.ts'
import { weekCommand } from './commands/week-command.ts'
import { buildCommand } from './commands/build-command.ts'
import { cloneCommand } from './commands/clone-command.ts'
import { initCommand } from './commands/init-command.ts'
import { queueCommands } from './commands/queue-commands.ts'
import { scheduleCommand } from './commands/schedule-command.ts'
import { scanCommand } from './commands/scan-command.ts'
import { workerCommand } from './commands/worker-command.ts'
import { runCommand, validateCommand } from './commands/run-commands.ts'

/** The `benchmark` program: everything that `main.ts` runs. */
export const benchmarkProgram: Program = createProgram({
  name: 'benchmark',
  version: '0.0.0',
  description: 'Datasets with planted truth, for measuring detectors and miners.',
  defaults: { dataDir: './.subnetkit', logLevel: 'info' },
  commands: [
    weekCommand,
    tournamentCommands,
    submissionCommands,
    baselineCommands,
    epochCommands,
    rankCommand,
    cleanCommand,
    datasetCommands,
    initCommand,
    cloneCommand,
    scanCommand,
    buildCommand,
    runCommand,
    validateCommand,
    workerCommand,
    queueCommands,
    scheduleCommand,
    checkCommand,
  ],
})
