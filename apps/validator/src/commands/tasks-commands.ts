import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { tasksListCommand } from './tasks-list.ts'
import { tasksRetryCommand } from './tasks-retry.ts'
import { tasksStatsCommand } from './tasks-stats.ts'
import { tasksSweepCommand } from './tasks-sweep.ts'

/** `validator tasks …`. */
export function tasksCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'tasks',
    description: 'the queue of samples to take: count, list, retry and sweep',
    examples: 'Examples:\n  $ validator tasks stats\n  $ validator tasks retry --environment sat --all',
    commands: [
      tasksStatsCommand(config),
      tasksListCommand(config),
      tasksRetryCommand(config),
      tasksSweepCommand(config),
    ],
  })
}
