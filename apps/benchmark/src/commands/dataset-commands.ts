import type { Command } from 'commander'

import { datasetFormats, parseDatasetOptions } from '../dataset/dataset-options.ts'
import type { DatasetOptionTexts } from '../dataset/dataset-options.ts'
import { describeDatasets } from '../tasks/describe-datasets.ts'
import { generateDataset } from '../tasks/generate-dataset.ts'
import { datasetTable, generatedText } from './dataset-text.ts'
import { reportProgress } from './report-progress.ts'
import type { Terminal } from './terminal.ts'

type GenerateFlags = DatasetOptionTexts & {
  readonly out: string
  readonly force?: boolean
  readonly json?: boolean
}

const generateExamples = `
Examples:
  $ benchmark dataset generate --out ./worlds --seed 42
  $ benchmark dataset generate --out ./worlds --network bittensor --date 2025-08-01 --window-days 7 --transfers 20000 --seed tuesday --format csv
  $ benchmark dataset generate --out ./worlds --seed 42 --json | jq .truth.patterns

The same options and the same version make the same bytes. Whoever knows the seed can make the truth: keep it where the truth is.`

const describeExamples = `
Examples:
  $ benchmark dataset describe ./worlds
  $ benchmark dataset describe ./worlds --json | jq '.[0].truth.separability.auc'`

/** Adds `dataset generate` and `dataset describe`. */
export function addDatasetCommands(program: Command, terminal: Terminal): void {
  const dataset = program
    .command('dataset')
    .description('Make and describe synthetic transfers with planted patterns')

  dataset
    .command('generate')
    .description('Write transfers and labels under DIR/snapshot, and what is planted under DIR/truth')
    .requiredOption('--out <dir>', 'folder to write under; created when missing')
    .requiredOption('--seed <text>', 'decides every draw')
    .option('--network <name>', 'network; decides the token, block time and price', 'torus')
    .option('--date <day>', 'processing date: the window ends at its midnight, UTC', '2025-08-01')
    .option('--window-days <days>', 'length of the window, 1 to 366', '30')
    .option('--transfers <count>', 'transfers, 1000 to 10000000; one account for ten', '100000')
    .option('--format <format>', datasetFormats.join(', '), 'parquet')
    .option('--generated-at <time>', 'written into META.json; default: midnight of --date')
    .option('--force', 'replace what is there')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', generateExamples)
    .action(async (flags: GenerateFlags) => {
      const options = parseDatasetOptions(flags)
      const progress = reportProgress(terminal, 'transfers')
      const { out, force = false } = flags
      const { signal } = terminal
      const made = await generateDataset({
        options,
        out,
        force,
        onProgress: progress.listener,
        signal,
      }).finally(progress.stop)
      terminal.stdout.write(flags.json === true ? `${JSON.stringify(made, null, 2)}\n` : generatedText(made))
    })

  dataset
    .command('describe')
    .description(
      'Say what the datasets under DIR hold, and how far simple columns give the planted accounts away',
    )
    .argument('<dir>', 'the --out folder of generate')
    .option('--json', 'print as JSON')
    .addHelpText('after', describeExamples)
    .action(async (dir: string, flags: { json?: boolean }) => {
      const described = await describeDatasets(dir)
      const text =
        flags.json === true ? JSON.stringify(described, null, 2) : described.map(datasetTable).join('\n\n')
      terminal.stdout.write(`${text}\n`)
    })
}
