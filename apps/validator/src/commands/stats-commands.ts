import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { statsHealthCommand } from './stats-health.ts'

const examples = `
Examples:
  $ validator stats health
`

/** `validator stats …`. */
export function statsCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'stats',
    description: 'the record: what is kept of scores, weights and miners, and whether it is whole',
    examples,
    commands: [statsHealthCommand(config)],
  })
}
