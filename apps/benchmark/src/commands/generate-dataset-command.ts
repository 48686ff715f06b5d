import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { datasetFormats, parseDatasetOptions } from '../dataset/dataset-options.ts'
import { generateDataset } from '../tasks/datasets/generate-dataset.ts'
import { generatedText } from './dataset-text.ts'

/** Flags as commander gives them; what they mean is checked by `parseDatasetOptions`. */
const flagsSchema = z.strictObject({
  out: z.string().min(1, 'must be a folder'),
  network: z.string(),
  date: z.string(),
  windowDays: z.string(),
  transfers: z.string(),
  seed: z.string(),
  format: z.string(),
  generatedAt: z.string().optional(),
  force: z.boolean().default(false),
})

const examples = `
Examples:
  $ benchmark dataset generate --out ./worlds --seed 42
  $ benchmark dataset generate --out ./worlds --seed tuesday --network bittensor --window-days 7 --transfers 20000 --format csv
  $ benchmark dataset generate --out ./worlds --seed 42 --json | jq .truth.patterns

The same options and the same version make the same bytes. Whoever knows the seed can make the truth again: keep it
where the truth is.`

/** `benchmark dataset generate`. */
export const generateDatasetCommand = defineCommand({
  name: 'generate',
  description: 'write transfers and labels under DIR/snapshot, and what is planted under DIR/truth',
  options: flagsSchema,
  flags: (command) => {
    command
      .requiredOption('--out <dir>', 'folder to write under; created when missing')
      .requiredOption('--seed <text>', 'decides every draw')
      .option('--network <name>', 'network; decides the token, block time and price', 'torus')
      .option('--date <YYYY-MM-DD>', 'processing date: the window ends at its midnight, UTC', '2025-08-01')
      .option('--window-days <days>', 'length of the window, 1 to 366', '30')
      .option('--transfers <count>', 'transfers, 1000 to 10000000; one account for ten', '100000')
      .option('--format <format>', datasetFormats.join(', '), 'parquet')
      .option('--generated-at <time>', 'written into META.json; default: midnight of --date')
      .option('--force', 'replace what is there')
      .addHelpText('after', examples)
  },
  run: async ({ out, force, ...texts }, { progress, signal }) => {
    const options = parseDatasetOptions(texts)
    const made = await generateDataset({ options, out, force, onProgress: progress, signal })
    return { value: made, text: generatedText(made) }
  },
})
