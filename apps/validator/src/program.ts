import { createProgram } from '@subnetkit/core/cli'
import type { Program } from '@subnetkit/core/cli'

import { agentsCommands } from './commands/agents-commands.ts'
import { chainCommands } from './commands/chain-commands.ts'
import { configCommands } from './commands/config-commands.ts'
import { dbCommands } from './commands/db-commands.ts'
import { initCommand } from './commands/init.ts'
import { migrateCommand } from './commands/migrate.ts'
import { minersCommands } from './commands/miners-commands.ts'
import { retentionCommands } from './commands/retention-commands.ts'
import { scoresCommands } from './commands/scores-commands.ts'
import { serveCommand } from './commands/serve.ts'
import { sampleCommands } from './commands/sample-commands.ts'
import { simulateCommand } from './commands/simulate.ts'
import { statsCommands } from './commands/stats-commands.ts'
import { tasksCommands } from './commands/tasks-commands.ts'
import { weightsCommands } from './commands/weights-commands.ts'
import type { Config } from './config.ts'

const VERSION = '0.0.0'

/** The `validator` program: everything that `main.ts` runs. */
export function validatorProgram(config: Config): Program {
  return createProgram({
    name: 'validator',
    version: VERSION,
    description: 'Samples miners, keeps every answer, turns samples into scores, and serves what it knows.',
    defaults: { dataDir: config.dataDir, logLevel: config.logLevel },
    commands: [
      initCommand(config),
      dbCommands(config),
      configCommands(config),
      migrateCommand(config),
      minersCommands(config),
      tasksCommands(config),
      sampleCommands(config),
      serveCommand(config, VERSION),
      scoresCommands(config),
      retentionCommands(config),
      simulateCommand(),
      weightsCommands(config),
      chainCommands(config),
      statsCommands(config),
      agentsCommands(config),
    ],
  })
}
