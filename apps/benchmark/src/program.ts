import { createProgram } from '@subnetkit/core/cli'
import type { Program } from '@subnetkit/core/cli'

import { checkCommand } from './commands/check-command.ts'
import { baselineCommands } from './commands/baseline-commands.ts'
import { cleanCommand } from './commands/clean-command.ts'
import { datasetCommands } from './commands/dataset-commands.ts'
import { epochCommands } from './commands/epoch-commands.ts'
import { rankCommand } from './commands/rank-command.ts'
import { serveCommand } from './commands/serve-command.ts'
import { submissionCommands } from './commands/submission-commands.ts'
import { tournamentCommands } from './commands/tournament-commands.ts'
import type { Config } from './config.ts'
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
export function benchmarkProgram({ dataDir, logLevel }: Config, version: string): Program {
  return createProgram({
    name: 'benchmark',
    version,
    description:
      'Miners’ submissions, measured: cloned, scanned, built, run on hidden worlds, scored and ranked.',
    defaults: { dataDir, logLevel },
    commands: [
      weekCommand,
      tournamentCommands,
      submissionCommands,
      baselineCommands,
      epochCommands,
      rankCommand,
      cleanCommand,
      serveCommand,
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
}
