import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { root } from './turbo-run.mjs'

// Prettier says what is well formatted, and needs more than a minute of a processor for all files. oxfmt agrees with it
// on nearly every file in a second, so only those that it would change are shown to prettier.
const bins = join(root, 'node_modules/.bin')
const asked = spawnSync(join(bins, 'oxfmt'), ['--list-different', '.'], { cwd: root, encoding: 'utf8' })
const files = asked.stdout.split('\n').filter((line) => line !== '')
// 0: it would change nothing, 1: these. Anything else, or no list: it did not work.
if (asked.status !== 0 && (asked.status !== 1 || files.length === 0)) {
  process.stderr.write(`oxfmt failed: ${asked.error?.message ?? asked.stderr}\n`)
  process.exitCode = 1
} else if (files.length > 0) {
  const args = ['--check', '--log-level', 'warn', '--ignore-unknown', '--', ...files]
  process.exitCode = spawnSync(join(bins, 'prettier'), args, { cwd: root, stdio: 'inherit' }).status ?? 1
}
