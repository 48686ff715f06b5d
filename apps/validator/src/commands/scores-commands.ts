import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { scoresComputeCommand } from './scores-compute.ts'
import { scoresHistoryCommand } from './scores-history.ts'
import { scoresLatestCommand } from './scores-latest.ts'

const examples = `
Examples:
  $ validator scores compute
  $ validator scores latest --top 10
  $ validator scores history 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
`

/** `validator scores …`. */
export function scoresCommands(config: Config): ProgramCommand {
  const commands = [scoresComputeCommand(config), scoresLatestCommand(config), scoresHistoryCommand(config)]
  return commandGroup({
    name: 'scores',
    description: 'score miners from their samples, and look at scores with their intervals',
    examples,
    commands,
  })
}
