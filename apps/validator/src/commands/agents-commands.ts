import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { agentsAttemptsCommand } from './agents-attempts.ts'
import { agentsBanCommand } from './agents-ban.ts'
import { agentsHistoryCommand } from './agents-history.ts'
import { agentsImportCommand } from './agents-import.ts'
import { agentsListCommand } from './agents-list.ts'
import { agentsQueueCommand } from './agents-queue.ts'
import { agentsShowCommand } from './agents-show.ts'
import { agentsSyncCommand } from './agents-sync.ts'
import { agentsTopCommand } from './agents-top.ts'
import { agentsUploadCommand } from './agents-upload.ts'
import { commandGroup } from './command-group.ts'

/** `validator agents …`. */
export function agentsCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'agents',
    description: 'the agents of miners: list, top, show, queue, history, import, sync, upload, ban',
    examples:
      'Examples:\n  $ validator agents top\n  $ validator agents show 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY\n  $ validator agents history',
    commands: [
      agentsListCommand(config),
      agentsTopCommand(config),
      agentsShowCommand(config),
      agentsQueueCommand(config),
      agentsHistoryCommand(config),
      agentsImportCommand(config),
      agentsSyncCommand(config),
      agentsUploadCommand(config),
      agentsBanCommand(config),
      agentsAttemptsCommand(config),
    ],
  })
}
