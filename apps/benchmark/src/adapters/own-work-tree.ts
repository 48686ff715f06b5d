import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { InputError } from '@subnetkit/core'

const run = promisify(execFile)
const SHOWN_CHANGES = 5

/**
 * The URL under which one's own folder is cloned, or null when the text names no folder of this machine. What would be
 * submitted is the commit at its head, so a folder with other content is refused: the check would judge something else.
 *
 * @throws InputError when the folder is no repository's root, has no commit, or has changes that are not committed.
 */
export async function ownRepositoryUrl(text: string, signal: AbortSignal): Promise<string | null> {
  const folder = resolve(text)
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (!isFolder) return null
  const root = await git(folder, ['rev-parse', '--show-cdup'], signal)
  if (root !== '') throw refusal(text, 'is not the root of a git repository', 'run git init and commit there')
  await git(folder, ['rev-parse', '--verify', 'HEAD'], signal)
  const changes = (await git(folder, ['status', '--porcelain', '--untracked-files=normal'], signal))
    .split('\n')
    .filter((line) => line !== '')
  if (changes.length > 0) {
    const names = changes.slice(0, SHOWN_CHANGES).map((line) => line.slice(3))
    const more = changes.length > SHOWN_CHANGES ? ` and ${changes.length - SHOWN_CHANGES} more` : ''
    throw refusal(
      text,
      `has changes that are not committed: ${names.join(', ')}${more}`,
      'commit them, or add them to .gitignore: what is submitted is a commit',
    )
  }
  return pathToFileURL(folder).href
}

async function git(folder: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', folder, '-c', 'core.fsmonitor=false', ...args], {
      signal,
      maxBuffer: 16 * 1024 * 1024,
    })
    return stdout.trimEnd()
  } catch (error) {
    signal.throwIfAborted()
    throw refusal(
      folder,
      args.includes('HEAD')
        ? 'has no commit'
        : 'is no git repository, or git is missing or may not read it here',
      'run git init, git add and git commit there, as its owner',
      error,
    )
  }
}

function refusal(value: string, problem: string, hint: string, cause?: unknown): InputError {
  return new InputError({
    field: 'repository',
    value,
    problem,
    hint,
    ...(cause === undefined ? {} : { cause }),
  })
}
