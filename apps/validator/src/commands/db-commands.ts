import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { dbCheckCommand } from './db-check.ts'
import { dbListCommand } from './db-list.ts'
import { dbResetCommand } from './db-reset.ts'
import { dbStatusCommand } from './db-status.ts'
import { dbSweepCommand } from './db-sweep.ts'
import { initCommand } from './init.ts'

/** `validator db …`. */
export function dbCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'db',
    description: 'the store itself: make, list, check, sweep and destroy its tables',
    examples: 'Examples:\n  $ validator db init\n  $ validator db status\n  $ validator db check',
    commands: [
      initCommand(config),
      dbListCommand(config),
      dbStatusCommand(config),
      dbCheckCommand(config),
      dbSweepCommand(config),
      dbResetCommand(config),
    ],
  })
}
