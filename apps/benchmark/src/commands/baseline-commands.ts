import { commandGroup } from './command-group.ts'
import { listBaselinesCommand } from './list-baselines-command.ts'
import { promoteBaselineCommand } from './promote-baseline-command.ts'
import { seedBaselineCommand } from './seed-baseline-command.ts'

/** `benchmark baseline …`. */
export const baselineCommands = commandGroup(
  'baseline',
  'what miners have to beat',
  ['baseline seed https://github.com/someone/detector', 'baseline list', 'baseline promote "August 2025"'],
  [seedBaselineCommand, listBaselinesCommand, promoteBaselineCommand],
)
