import { commandGroup } from './command-group.ts'
import { listEpochsCommand } from './list-epochs-command.ts'
import { runEpochsCommand } from './run-epochs-command.ts'
import { scoreEpochCommand } from './score-epoch-command.ts'

/** `benchmark epoch …`. */
export const epochCommands = commandGroup(
  'epoch',
  'submissions measured over seven days, outside of tournaments',
  ['epoch run', 'epoch list --status running'],
  [runEpochsCommand, scoreEpochCommand, listEpochsCommand],
)
