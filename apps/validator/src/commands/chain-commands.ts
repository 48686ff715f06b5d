import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { chainStatusCommand } from './chain-status.ts'
import { commandGroup } from './command-group.ts'

const examples = `
Examples:
  $ validator chain status
`

/** `validator chain …`. */
export function chainCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'chain',
    description: 'the chain that weights go to',
    examples,
    commands: [chainStatusCommand(config)],
  })
}
