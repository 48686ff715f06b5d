import type { ProgramCommand } from '@subnetkit/core/cli'

import { commandGroup } from './command-group.ts'
import { weightsComputeCommand } from './weights-compute.ts'

const examples = `
Examples:
  $ validator weights compute --scores scores.csv --explain 10
`

/** `validator weights …`. */
export function weightsCommands(): ProgramCommand {
  return commandGroup({
    name: 'weights',
    description: 'weights from scores, and how they came about',
    examples,
    commands: [weightsComputeCommand()],
  })
}
