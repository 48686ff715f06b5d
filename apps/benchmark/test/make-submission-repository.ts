import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { type CastMember, hotkeyOf, writeSubmission } from './cast.ts'

const run = promisify(execFile)

/** A submission as a miner publishes it: in a git repository of one commit. */
export interface SubmissionRepository {
  readonly member: CastMember
  readonly hotkey: string
  readonly folder: string
  /** `file://…`. */
  readonly repository: string
  readonly commit: string
}

/** Who commits, and when: fixed, so that the same files are the same commit everywhere. */
const author = {
  GIT_AUTHOR_NAME: 'A miner',
  GIT_AUTHOR_EMAIL: 'miner@example.invalid',
  GIT_AUTHOR_DATE: '2025-08-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'A miner',
  GIT_COMMITTER_EMAIL: 'miner@example.invalid',
  GIT_COMMITTER_DATE: '2025-08-01T00:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
}

/** Makes the repository of a member of the cast under `parent`, in a folder of its name. */
export async function makeSubmissionRepository(
  member: CastMember,
  parent: string,
): Promise<SubmissionRepository> {
  const folder = join(parent, member.name)
  await mkdir(parent, { recursive: true })
  await writeSubmission(member, folder)
  const commit = await commitAll(folder, `Submission of ${member.name}`)
  return {
    member,
    hotkey: hotkeyOf(member.name),
    folder,
    repository: pathToFileURL(folder).href,
    commit,
  }
}

/** Makes a folder a git repository whose one commit holds all that is in it; returns the commit. */
export async function commitAll(folder: string, message = 'Submission'): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', ['-c', 'init.defaultBranch=main', '-C', folder, ...args], {
      env: { PATH: process.env['PATH'], HOME: folder, ...author },
    })
    return stdout.trim()
  }
  await git('init', '--quiet')
  await git('add', '--all', '--force')
  await git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', message)
  return await git('rev-parse', 'HEAD')
}
