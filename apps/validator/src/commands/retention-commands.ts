import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { retentionApplyCommand } from './retention-apply.ts'
import { retentionPlanCommand } from './retention-plan.ts'
import { retentionProtectCommand } from './retention-protect.ts'
import { retentionUnprotectCommand } from './retention-unprotect.ts'

const examples = `
Examples:
  $ validator retention plan
  $ validator retention apply --older-than-days 90 --yes
  $ validator retention protect 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY v1.0 --because "reference model"
`

/** `validator retention …`. */
export function retentionCommands(config: Config): ProgramCommand {
  const commands = [
    retentionPlanCommand(config),
    retentionApplyCommand(config),
    retentionProtectCommand(config),
    retentionUnprotectCommand(config),
  ]
  return commandGroup({
    name: 'retention',
    description: 'keep the samples of the best models for ever, and remove what is old of the others',
    examples,
    commands,
  })
}
