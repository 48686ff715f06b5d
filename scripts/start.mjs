import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { childEnvironment, root, run, turboRun } from './turbo-run.mjs'

// The main job end to end: the apps' own commands in a row over one data folder. Flags of your own are not taken here:
// run the printed commands with them.

const dataDir = resolve(process.env['SUBNETKIT_DATA'] || join(root, '.subnetkit'))
const day = ['--network', 'torus', '--date', '2025-08-01', '--window-days', '30']
const worlds = join(dataDir, 'worlds')
const snapshot = join(worlds, 'snapshot/torus/2025-08-01/30')
const truth = join(worlds, 'truth/torus/2025-08-01/30/ground_truth.parquet')
const sampleDay = ['--network', 'amlsim', '--date', '2025-05-31', '--window-days', '150']
const sampleData =
  process.env['SUBNETKIT_SAMPLE_DATA'] || [join(root, '../shared/data')].find((folder) => existsSync(folder))
const env = {
  ...childEnvironment(process.env),
  SUBNETKIT_DATA: dataDir,
  LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn',
}

/** @type {readonly (readonly [title: string, app: string, ...args: string[]])[]} */
const steps = [
  [
    'A world of transfers with planted patterns',
    'benchmark',
    'dataset',
    'generate',
    '--out',
    worlds,
    '--seed',
    '42',
  ],
  ['The miner’s database', 'aml-miner', 'init', '--network', 'torus'],
  [
    'The miner’s day: ingest, detect, score',
    'aml-miner',
    'run',
    ...day,
    '--transfers',
    join(snapshot, 'transfers.parquet'),
    '--labels',
    join(snapshot, 'address_labels.parquet'),
  ],
  ['The day, compared with what was planted', 'aml-miner', 'report', ...day, '--truth', truth],
  ['The same for other tools', 'aml-miner', 'export', ...day, '--out', join(dataDir, 'export')],
  ['The validator’s configuration', 'validator', 'init'],
  ['', 'validator', 'config', 'set', 'aml.window_days', '30', '--type', 'integer', '--by', 'npm-start'],
  ['', 'validator', 'config', 'history', 'aml.window_days', '--limit', '3'],
]

/** @type {typeof steps} */
const sampleSteps =
  sampleData === undefined
    ? []
    : [
        [
          'The same day on AMLSim’s 120,558 transfers, amounts dropped because they give the answer away',
          'aml-miner',
          'run',
          ...sampleDay,
          '--transfers',
          join(sampleData, 'amlsim_20k_fanin200cycle200_transactions.csv.gz'),
          '--preset',
          'amlsim',
          '--amounts',
          'drop',
        ],
        [
          'AMLSim, compared with its labels',
          'aml-miner',
          'report',
          ...sampleDay,
          '--top',
          '5',
          '--truth',
          join(sampleData, 'amlsim_20k_fanin200cycle200_nodes.csv.gz'),
          '--truth-columns',
          'address=nodeid,flag=isFraud',
        ],
      ]

process.exitCode = await main()

/** @returns {Promise<number>} */
async function main() {
  const built = await turboRun(['build', '--output-logs=errors-only'])
  if (built !== 0) return built
  for (const [title, app, ...args] of [...steps, ...sampleSteps]) {
    if (title !== '') console.log(`\n── ${title}`)
    const code = await run(process.execPath, [join(root, `apps/${app}/dist/main.js`), ...args], { env })
    if (code !== 0) return code
  }
  console.log(whatNext())
  return 0
}

/** @returns {string} */
function whatNext() {
  const page = join(dataDir, 'reports/torus-2025-08-01-30.html')
  const missing =
    sampleData === undefined
      ? '\nLeft out: the day on AMLSim (SUBNETKIT_SAMPLE_DATA names no folder with it).'
      : ''
  return `
── Done
The data lies in ${dataDir}; the page to open is ${page}.${missing}

Next:
  node apps/aml-miner/dist/main.js serve --network torus        then open http://127.0.0.1:8000/v1/rankings/alerts/latest?network=torus
  node apps/aml-miner/dist/main.js status --network torus
  node apps/aml-miner/dist/main.js --help                       every command has its own --help
  node apps/benchmark/dist/main.js dataset generate --help      other worlds: another seed, size, window
  npm test                                                      everything that CI runs`
}
