import type { ProgramCommand } from '@subnetkit/core/cli'

import { describeDatasetCommand } from './describe-dataset-command.ts'
import { generateDatasetCommand } from './generate-dataset-command.ts'
import { prepareDatasetCommand } from './prepare-dataset-command.ts'

/** `benchmark dataset …`. */
export const datasetCommands: ProgramCommand = {
  attach(parent, onCall) {
    const group = parent
      .command('dataset')
      .description('make and describe synthetic transfers with planted patterns')
    for (const command of [generateDatasetCommand, describeDatasetCommand, prepareDatasetCommand]) {
      command.attach(group, onCall)
    }
  },
}
