import { createProgram } from '@subnetkit/core/cli'
import type { Program } from '@subnetkit/core/cli'

import { datasetCommands } from './commands/dataset-commands.ts'

/** The `benchmark` program: everything that `main.ts` runs. */
export const benchmarkProgram: Program = createProgram({
  name: 'benchmark',
  version: '0.0.0',
  description: 'Datasets with planted truth, for measuring detectors and miners.',
  defaults: { dataDir: './.subnetkit', logLevel: 'info' },
  commands: [datasetCommands],
})
