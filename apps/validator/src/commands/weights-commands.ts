import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { weightsComputeCommand } from './weights-compute.ts'
import { weightsExplainCommand } from './weights-explain.ts'
import { weightsSubmitCommand } from './weights-submit.ts'
import { weightsWatchCommand } from './weights-watch.ts'

const examples = `
Examples:
  $ validator weights compute --scores scores.csv --explain 10
  $ validator weights submit
  $ validator weights watch
  $ validator weights explain 12
`

/** `validator weights …`. */
export function weightsCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'weights',
    description: 'weights from scores: how they come about, and their way to the chain',
    examples,
    commands: [
      weightsComputeCommand(),
      weightsSubmitCommand(config),
      weightsWatchCommand(config),
      weightsExplainCommand(config),
    ],
  })
}
