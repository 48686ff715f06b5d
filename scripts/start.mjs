import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { answerOf, startBackground, startServer } from './background.mjs'
import { makeSubmissions } from './submissions.mjs'
import { childEnvironment, root, run, turboRun } from './turbo-run.mjs'

// The main job end to end, as its commands in a row over one data folder: a world whose truth is known, a miner's day on
// it, and what became of it.

const dataDir = resolve(root, process.env['SUBNETKIT_DATA'] || '.subnetkit')
const sampleData = [process.env['SUBNETKIT_SAMPLE_DATA'] || resolve(root, '../shared/data')].find(existsSync)
const env = {
  ...childEnvironment(process.env),
  SUBNETKIT_DATA: dataDir,
  // On a terminal the progress bar tells what goes on; in a pipe, log lines do.
  LOG_LEVEL: process.env['LOG_LEVEL'] || (process.stderr.isTTY ? 'warn' : 'info'),
}

const day = ['--network', 'torus', '--date', '2025-08-01', '--window-days', '30']
const world = join(dataDir, 'world')
const snapshot = join(world, 'snapshot/torus/2025-08-01/30')
const truth = join(world, 'truth/torus/2025-08-01/30/ground_truth.parquet')

const steps = [
  step('A world of transfers with planted patterns, and its truth kept apart', 'benchmark', [
    ['dataset', 'generate', '--seed', 'first-steps', '--out', world],
    day,
  ]),
  step('The miner’s database', 'aml-miner', [['init', '--network', 'torus']]),
  step('The miner’s day: ingest, detect, score', 'aml-miner', [
    ['run', '--transfers', join(snapshot, 'transfers.parquet')],
    ['--labels', join(snapshot, 'address_labels.parquet')],
    day,
  ]),
  step('The day, held against what was planted', 'aml-miner', [['report', '--truth', truth], day]),
  step('The results for other tools', 'aml-miner', [['export', '--out', join(dataDir, 'export')], day]),
]

/** Ten blocks a second: an epoch every two. */
const chain = ['--block-ms', '100']

const samplingStep = step('', 'validator', [
  ['sample', 'run', '--local-miners', '6', '--seed', '7'],
  ['--tasks', '9', '--workers', '6'],
])

/**
 * From scores to incentive, at a block of the local chain: scores of an earlier start would be too old to be sent.
 * @param {number} block
 */
const weightSteps = (block) => [
  step('Samples become scores, with intervals and weights', 'validator', [
    ['scores', 'compute', '--block', String(block)],
  ]),
  step('Scores become weights on a local chain, followed until an epoch has paid by them', 'validator', [
    ['weights', 'watch', '--until-settled', '--every', '200', ...chain],
  ]),
  step(
    'What the record keeps of it: how the miners did today, and whether anything is missing',
    'validator',
    [['stats', 'show', '--period', 'daily']],
  ),
  step('', 'validator', [['stats', 'health']]),
  step('What may be cleaned up, and who is protected for ever', 'validator', [['retention', 'plan']]),
]

const submissions = join(dataDir, 'submissions')

const weekStep = step(
  'A contest: five submissions cloned, scanned, built and run in a sandbox on two days’ hidden worlds',
  'benchmark',
  [
    ['week', '--name', 'first-steps', '--miners', submissions, '--allow-local'],
    ['--start-date', '2025-08-01', '--days', '2', '--networks', 'torus', '--windows', '30'],
    [
      '--transfers',
      '10000',
      '--time-limit',
      '60',
      '--baseline',
      'none',
      '--seed',
      'first steps, told to everybody',
    ],
  ],
)

/** What a command answers that cannot begin: here, that no sandbox can be had. */
const REFUSED = 2

const sampleDay = ['--network', 'amlsim', '--date', '2025-05-31', '--window-days', '150']

/** @param {string} folder */
const sampleSteps = (folder) => [
  step(
    'The same day on AMLSim’s 120,558 transfers, with the amounts dropped because they give the answer away',
    'aml-miner',
    [
      ['run', '--transfers', join(folder, 'amlsim_20k_fanin200cycle200_transactions.csv.gz')],
      ['--preset', 'amlsim', '--amounts', 'drop'],
      sampleDay,
    ],
  ),
  step('AMLSim, held against its labels', 'aml-miner', [
    ['report', '--top', '5', '--truth', join(folder, 'amlsim_20k_fanin200cycle200_nodes.csv.gz')],
    ['--truth-columns', 'address=nodeid,flag=isFraud'],
    sampleDay,
  ]),
]

/**
 * @param {string} title shown before it runs; empty goes on under the one before
 * @param {string} app
 * @param {readonly (readonly string[])[]} args
 */
function step(title, app, args) {
  return { title, app, args: args.flat() }
}

process.exitCode = await main()

/** @returns {Promise<number>} */
async function main() {
  const built = await turboRun(['build', '--output-logs=errors-only'])
  if (built !== 0) return built
  const done = await runSteps([...steps, ...(sampleData === undefined ? [] : sampleSteps(sampleData))])
  if (done !== 0) return done
  console.log('\n── Served over HTTP')
  const miner = await startServer([bin('aml-miner'), 'serve', '--network', 'torus', '--port', '0'], env)
  await show(miner, '/v1/rankings/alerts/latest?network=torus&limit=2').finally(() => miner.stop())
  const sampled = await sampleInCompany()
  if (sampled !== 0) return sampled
  const made = await makeSubmissions(submissions)
  if (made !== 0) return made
  const contest = await runSteps([weekStep])
  if (contest !== 0 && contest !== REFUSED) return contest
  console.log(whatNext(contest === 0))
  return 0
}

/**
 * @param {readonly ReturnType<typeof step>[]} wanted
 * @returns {Promise<number>} the exit code of the first that failed, or 0
 */
async function runSteps(wanted) {
  for (const { app, args, title } of wanted) {
    if (title !== '') console.log(`\n── ${title}`)
    const code = await run(process.execPath, [bin(app), ...args], { env })
    if (code !== 0) return code
  }
  return 0
}

/**
 * The validator’s round, while its API serves and two more workers share the work: four processes, one data folder.
 * @returns {Promise<number>}
 */
async function sampleInCompany() {
  const initialised = await runSteps([
    step('The validator’s tables, on the other store', 'validator', [['db', 'init']]),
  ])
  if (initialised !== 0) return initialised
  console.log(
    '\n── A sampling round: six miners over real HTTP, three workers and the API on one data folder',
  )
  const server = await startServer([bin('validator'), 'serve', '--port', '0'], env)
  const company = ['sample', 'run', '--watch', '--allow-private', '--workers', '4', '--quiet']
  const workers = [1, 2].map(() => startBackground([bin('validator'), ...company], env))
  try {
    const sampled = await runSteps([samplingStep])
    if (sampled !== 0) return sampled
    const { subnet } = await answerOf([bin('validator'), 'chain', 'status', ...chain], env)
    const weighed = await runSteps(weightSteps(subnet.blockNumber))
    if (weighed !== 0) return weighed
    await show(server, '/v1/leaderboard?limit=1')
    return await explainBest()
  } finally {
    await Promise.all([server, ...workers].map((program) => program.stop()))
  }
}

/**
 * The way of the miner with the most weight, from its incentive back to its samples.
 * @returns {Promise<number>}
 */
async function explainBest() {
  const latest = await answerOf([bin('validator'), 'scores', 'latest'], env)
  const [best] = latest.snapshot.top
  return await runSteps([
    step('Why the best miner got what it got', 'validator', [['weights', 'explain', best.minerHotkey]]),
  ])
}

/**
 * @param {Awaited<ReturnType<typeof startServer>>} server
 * @param {string} path
 */
async function show(server, path) {
  console.log(`GET ${server.address}${path}\n${JSON.stringify(await server.ask(path), null, 2)}`)
}

/** @type {(app: string) => string} */
function bin(app) {
  return join(root, 'apps', app, 'dist/main.js')
}

/**
 * @param {boolean} hasSandbox
 * @returns {string}
 */
function whatNext(hasSandbox) {
  const leftOut = [
    ...(sampleData === undefined
      ? ['\nLeft out: the day on AMLSim, because SUBNETKIT_SAMPLE_DATA names no folder that holds it.']
      : []),
    ...(hasSandbox
      ? []
      : [
          '\nLeft out: the contest of submissions, because there is no sandbox; the message above names the ways out.',
        ]),
  ].join('')
  return `
── Done
The data lies in ${dataDir}; open ${join(dataDir, 'reports/torus-2025-08-01-30.html')} in a browser.${leftOut}

Next, each with --help:
  node apps/aml-miner/dist/main.js serve --network torus       the read API, on http://127.0.0.1:8000
  node apps/aml-miner/dist/main.js status --network torus      what has been stored
  node apps/benchmark/dist/main.js dataset generate --out ./worlds --seed 7 --transfers 200000
  node apps/benchmark/dist/main.js tournament show first-steps who took part in the contest, and the ranks
  node apps/benchmark/dist/main.js serve                       its pages and API
  node apps/validator/dist/main.js scores latest               the leaderboard; scores history <hotkey>
  node apps/validator/dist/main.js weights explain 6           why the miner at a uid got its weight
  node apps/validator/dist/main.js stats show 6                how that miner did, task by task
  node apps/validator/dist/main.js serve                       the validator’s pages and API, on http://127.0.0.1:8100
  npm test                                                     everything that CI runs`
}
