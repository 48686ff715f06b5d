import { join } from 'node:path'

import { childEnvironment, root, run, turboRun } from './turbo-run.mjs'

const built = await turboRun(['build', '--filter=@subnetkit/aml-miner...', '--output-logs=errors-only'])
const app = join(root, 'apps/aml-miner/dist/main.js')
process.exitCode =
  built === 0
    ? await run(process.execPath, [app, 'demo', ...process.argv.slice(2)], {
        env: childEnvironment(process.env),
      })
    : built
