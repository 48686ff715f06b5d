import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { root, run } from './turbo-run.mjs'

const template = join(root, 'apps/benchmark/miner-kit/patterns')
const cast = join(root, 'apps/benchmark/test/submissions')

/** Who takes part in the week of `npm start`: two honest ones and three that want something for nothing. */
const names = ['honest-good', 'honest-weak', 'lazy', 'mega-pattern', 'obfuscated']

/** Who commits, and when: fixed, so that a second start enters the same commits. */
const author = {
  GIT_AUTHOR_NAME: 'A miner',
  GIT_AUTHOR_EMAIL: 'miner@example.invalid',
  GIT_AUTHOR_DATE: '2025-08-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'A miner',
  GIT_COMMITTER_EMAIL: 'miner@example.invalid',
  GIT_COMMITTER_DATE: '2025-08-01T00:00:00Z',
}

/**
 * Makes a few submissions as miners publish them: git repositories, each in a folder of its name.
 * @param {string} folder
 * @returns {Promise<number>} the exit code of git when it failed, or 0
 */
export async function makeSubmissions(folder) {
  for (const name of names) {
    const place = join(folder, name)
    if (existsSync(join(place, '.git/refs/heads/main'))) continue
    rmSync(place, { recursive: true, force: true })
    mkdirSync(place, { recursive: true })
    cpSync(template, place, { recursive: true })
    cpSync(join(cast, name), place, { recursive: true })
    const env = { ...process.env, ...author }
    for (const args of [
      ['init', '--quiet', '--initial-branch=main'],
      ['add', '--all', '--force'],
      [
        '-c',
        'commit.gpgsign=false',
        '-c',
        'core.hooksPath=/dev/null',
        'commit',
        '--quiet',
        '-m',
        'Submission',
      ],
    ]) {
      const code = await run('git', ['-C', place, ...args], { env })
      if (code !== 0) return code
    }
  }
  return 0
}
