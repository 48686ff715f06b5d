import { join, resolve } from 'node:path'

import { childEnvironment, root, run, turboRun } from './turbo-run.mjs'

// The main job, as its commands: a world whose truth is known, a miner's day on it, and the report that compares them.
const data = process.env['SUBNETKIT_DATA'] ?? '.subnetkit'
const day = ['--network', 'torus', '--date', '2025-08-01', '--window-days', '30']
const folder = join('torus', '2025-08-01', '30')
const snapshot = join(data, 'world/snapshot', folder)
const truth = join(data, 'world/truth', folder, 'ground_truth.parquet')
const inputs = [
  ['--transfers', join(snapshot, 'transfers.parquet')],
  ['--labels', join(snapshot, 'address_labels.parquet')],
].flat()

/** @type {readonly (readonly [app: string, ...args: string[]])[]} */
const steps = [
  ['benchmark', 'dataset', 'generate', '--out', join(data, 'world'), '--seed', 'first-steps', ...day],
  ['aml-miner', 'init', '--network', 'torus'],
  ['aml-miner', 'run', ...day, ...inputs],
  ['aml-miner', 'report', ...day, '--truth', truth],
]

const env = { ...childEnvironment(process.env), SUBNETKIT_DATA: data }
let code = await turboRun([
  'build',
  '--filter=@subnetkit/aml-miner...',
  '--filter=@subnetkit/benchmark...',
  '--output-logs=errors-only',
])
for (const [app, ...args] of steps) {
  if (code !== 0) break
  process.stderr.write(`\n$ ${app} ${args.join(' ')}\n`)
  code = await run(process.execPath, [join(root, 'apps', app, 'dist/main.js'), ...args], { env })
}
if (code === 0) {
  process.stdout.write(
    [
      '',
      `The data lies in ${resolve(root, data)}: world/ is what was generated, reports/ holds the page.`,
      'To try next, each with --help:',
      `  node apps/aml-miner/dist/main.js serve ${day.slice(0, 2).join(' ')}   scores, ranks and alerts over HTTP`,
      `  node apps/aml-miner/dist/main.js status ${day.slice(0, 2).join(' ')}  what has been stored`,
      '  node apps/benchmark/dist/main.js dataset generate --out ./worlds --seed 42   another world',
      '',
    ].join('\n'),
  )
}
process.exitCode = code
