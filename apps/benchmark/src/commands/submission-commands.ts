import { addSubmissionCommand } from './add-submission-command.ts'
import { commandGroup } from './command-group.ts'
import { disableSubmissionCommand } from './disable-submission-command.ts'
import { listSubmissionsCommand } from './list-submissions-command.ts'

/** `benchmark submission …`. */
export const submissionCommands = commandGroup(
  'submission',
  "the registry of miners' repositories",
  [
    'submission add https://github.com/someone/detector --hotkey 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    'submission list --status failed',
  ],
  [addSubmissionCommand, listSubmissionsCommand, disableSubmissionCommand],
)
