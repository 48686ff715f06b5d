import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { minersAddCommand } from './miners-add.ts'
import { minersListCommand } from './miners-list.ts'
import { minersPauseCommand, minersResumeCommand } from './miners-pause.ts'
import { minersSyncCommand } from './miners-sync.ts'

/** `validator miners …`. */
export function minersCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'miners',
    description: 'who is sampled: list, add, pause, resume, and sync with the chain',
    examples:
      'Examples:\n  $ validator miners list\n  $ validator miners sync\n  $ validator miners pause HOTKEY --reason "asked for it" --minutes 60',
    commands: [
      minersListCommand(config),
      minersAddCommand(config),
      minersPauseCommand(config),
      minersResumeCommand(config),
      minersSyncCommand(config),
    ],
  })
}
