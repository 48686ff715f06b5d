import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { childEnvironment, root, run } from './turbo-run.mjs'

const folder = join(root, 'chain-suite')
const env = childEnvironment(process.env)
const spec = env['SUBTENSOR_RAW_SPEC'] ?? ''

if (spec === '') {
  process.stdout.write(
    'not run on a runtime: SUBTENSOR_RAW_SPEC names no chain spec; vectors and scripted node only\n',
  )
  process.exitCode = await run(
    'npx',
    [
      'vitest',
      'run',
      '--root',
      'apps/validator',
      'src/timelock',
      'src/wallet',
      'subtensor',
      '--reporter=dot',
    ],
    { env },
  )
} else if (!existsSync(spec)) {
  process.stderr.write(
    `SUBTENSOR_RAW_SPEC: there is no file ${spec}; give the path of a chain spec, raw or plain\n`,
  )
  process.exitCode = 2
} else {
  // No scripts of packages: none of them is needed.
  const installed = await run(
    'npm',
    ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'],
    { env },
  )
  const suite = ['vitest', 'run', '--root', 'chain-suite', '--reporter=default']
  process.exitCode =
    installed !== 0
      ? installed
      : await run('npx', suite, { env: { ...env, SUBTENSOR_RAW_SPEC: resolve(spec) } })
}
