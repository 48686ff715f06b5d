import { createProgram } from '@subnetkit/core/cli'
import type { Program } from '@subnetkit/core/cli'

import { configCommands } from './commands/config-commands.ts'
import { initCommand } from './commands/init.ts'
import { migrateCommand } from './commands/migrate.ts'
import { minersCommands } from './commands/miners-commands.ts'
import { retentionCommands } from './commands/retention-commands.ts'
import { scoresCommands } from './commands/scores-commands.ts'
import { tasksCommands } from './commands/tasks-commands.ts'
import type { Config } from './config.ts'

/** The `validator` program: everything that `main.ts` runs. */
export function validatorProgram(config: Config): Program {
  return createProgram({
    name: 'validator',
    version: '0.0.0',
    description: "A validator's operational data. Today: typed configuration with its history.",
    defaults: { dataDir: config.dataDir, logLevel: config.logLevel },
    commands: [
      initCommand(config),
      configCommands(config),
      migrateCommand(config),
      minersCommands(config),
      tasksCommands(config),
      scoresCommands(config),
      retentionCommands(config),
    ],
  })
}
