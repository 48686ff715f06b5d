import type { ProgramCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { commandGroup } from './command-group.ts'
import { sampleRunCommand } from './sample-run.ts'

/** `validator sample …`. */
export function sampleCommands(config: Config): ProgramCommand {
  return commandGroup({
    name: 'sample',
    description: 'ask miners and keep their answers',
    examples:
      'Examples:\n  $ validator sample run\n  $ validator sample run --local-miners 4 --seed 1 --tasks 20',
    commands: [sampleRunCommand(config)],
  })
}
