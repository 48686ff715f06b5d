import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { describeDatasets } from '../tasks/datasets/describe-datasets.ts'
import { datasetTable } from './dataset-text.ts'

const examples = `
Examples:
  $ benchmark dataset describe ./worlds
  $ benchmark dataset describe ./worlds --json | jq '.[0].truth.separability.auc'`

/** `benchmark dataset describe`. */
export const describeDatasetCommand = defineCommand({
  name: 'describe',
  description: 'say what the datasets under DIR hold, and how far simple columns give planted accounts away',
  options: z.strictObject({ dir: z.string() }),
  flags: (command) => {
    command.argument('<dir>', 'the --out folder of generate').addHelpText('after', examples)
  },
  run: async ({ dir }) => {
    const described = await describeDatasets(dir)
    return { value: described, text: described.map(datasetTable).join('\n\n') }
  },
})
