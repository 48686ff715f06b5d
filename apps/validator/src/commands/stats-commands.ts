import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { statsComputeCommand } from './stats-compute.ts'
import { statsHealthCommand } from './stats-health.ts'
import { statsImportScoresCommand } from './stats-import-scores.ts'
import { statsShowCommand } from './stats-show.ts'

const examples = `
Examples:
  $ validator stats show --period weekly
  $ validator stats show 12
  $ validator stats compute --from 2025-07-01
  $ validator stats import-scores --file score_table.jsonl --uids node_table.csv
  $ validator stats health
`

/** `validator stats …`. */
export function statsCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'stats',
    description: 'the record: how miners did, what is kept of scores and weights, and whether it is whole',
    examples,
    commands: [
      statsShowCommand(config),
      statsComputeCommand(config),
      statsImportScoresCommand(config),
      statsHealthCommand(config),
    ],
  })
}
