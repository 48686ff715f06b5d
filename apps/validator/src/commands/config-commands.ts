import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { configGetCommand } from './config-get.ts'
import { configHistoryCommand } from './config-history.ts'
import { configListCommand } from './config-list.ts'
import { configSetCommand } from './config-set.ts'

const examples = `
Examples:
  $ validator config set sampling.per_miner 4 --type integer
  $ validator config get sampling.per_miner --json
  $ validator config history sampling.per_miner
`

/** `validator config …`. */
export function configCommands(config: Config): ProgramCommand {
  const commands = [
    configGetCommand(config),
    configSetCommand(config),
    configHistoryCommand(config),
    configListCommand(config),
  ]
  return {
    attach(parent, onCall) {
      const group = parent
        .command('config')
        .description('typed configuration: every change is a version, and history is kept')
        .addHelpText('after', examples)
      for (const command of commands) command.attach(group, onCall)
    },
  }
}
