import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { runProgram } from '../release/program.ts'

/** What a reader's clone offers at its root. */
const linked = [
  'apps',
  'packages',
  'examples',
  'scripts',
  'node_modules',
  'package.json',
  'pnpm-lock.yaml',
  'turbo.json',
]

/**
 * Runs a shell block as a reader would, at the root of a clone, but in a folder of its own that only looks like one:
 * what it writes beside the linked folders, and its data folder, are thrown away. The apps' bins are on PATH.
 * @returns what it printed; fails with that when a command failed
 */
export async function runBlock(root: string, text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'subnetkit-readme-'))
  try {
    for (const name of linked) symlinkSync(join(root, name), join(folder, name))
    const bins = join(folder, '.bin')
    mkdirSync(bins)
    for (const app of readdirSync(join(root, 'apps'))) linkBins(join(root, 'apps', app), bins)
    return await runProgram('bash', ['-euo', 'pipefail', '-c', `PATH="${bins}:$PATH"\n${text}`], {
      cwd: folder,
      env: { SUBNETKIT_DATA: join(folder, 'data') },
    })
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 })
  }
}

function linkBins(app: string, bins: string): void {
  const manifest: { bin?: Record<string, string> } = JSON.parse(
    readFileSync(join(app, 'package.json'), 'utf8'),
  )
  for (const [name, file] of Object.entries(manifest.bin ?? {}))
    symlinkSync(join(app, file), join(bins, name))
}
