import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { commitSchema, InputError, type Logger } from '@subnetkit/core'

import type { CloneParams, CloneResult, RepositorySource } from '../../ports/repository-source.ts'
import { cloneCommit } from './clone-commit.ts'
import { fetchFailure } from './fetch-failure.ts'
import { findGit, type GitProgram } from './git-program.ts'
import { checkRepositoryUrl, pinHost } from './repository-url.ts'

const LOOK_UP_MS = 60_000

/**
 * Repositories by a git binary that is checked once. Https only, to public addresses; with `isLocalAllowed` also
 * `file:` URLs and private hosts, for tests and for one's own machine.
 *
 * @throws InputError when git is missing or too old.
 */
export async function openGitSource(
  options: Readonly<{ isLocalAllowed: boolean; log: Logger }>,
): Promise<RepositorySource> {
  return new GitSource(await findGit(options.isLocalAllowed), options)
}

class GitSource implements RepositorySource {
  readonly #git: GitProgram
  readonly #isLocalAllowed: boolean
  readonly #log: Logger

  constructor(git: GitProgram, options: Readonly<{ isLocalAllowed: boolean; log: Logger }>) {
    this.#git = git
    this.#isLocalAllowed = options.isLocalAllowed
    this.#log = options.log
  }

  async resolveHead(params: Readonly<{ repository: string; signal: AbortSignal }>): Promise<string> {
    const { repository } = params
    const refuse = (problem: string): InputError =>
      new InputError({
        field: 'repository',
        value: repository,
        problem,
        hint: 'give the https URL of a public git repository with a commit',
      })
    const where = await this.#locate(repository)
    if (!where.isFound) throw refuse(where.problem)
    const scratch = await mkdtemp(join(tmpdir(), 'subnetkit-git-'))
    try {
      const end = await this.#git.run(scratch, {
        args: ['ls-remote', '--quiet', '--exit-code', '--', where.url, 'HEAD'],
        settings: where.settings,
        signal: AbortSignal.any([params.signal, AbortSignal.timeout(LOOK_UP_MS)]),
      })
      if (end.exitCode === 2) throw refuse('has no commit')
      if (end.exitCode !== 0) {
        const failure = fetchFailure(end, repository)
        throw failure.isSubmissionsFault ? refuse(`is not accepted: ${failure.reason}`) : failure.error
      }
      const commit = commitSchema.safeParse(/^([0-9a-f]+)\tHEAD$/m.exec(end.stdout)?.[1])
      if (!commit.success) throw refuse('has no SHA-1 commit as its head')
      return commit.data
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  }

  async clone(params: Readonly<CloneParams>): Promise<CloneResult> {
    const { repository, signal } = params
    const where = await this.#locate(repository)
    if (!where.isFound) return { isCloned: false, reason: `its address ${where.problem}` }
    let { commit } = params
    try {
      commit ??= await this.resolveHead({ repository, signal })
    } catch (error) {
      if (error instanceof InputError) return { isCloned: false, reason: error.message }
      throw error
    }
    if (!commitSchema.safeParse(commit).success) {
      return { isCloned: false, reason: 'the commit is not given by its 40 lower-case hex digits' }
    }
    const result = await cloneCommit(this.#git, { ...params, ...where, commit })
    this.#log.debug({ repository, commit, ...result }, 'cloned')
    return result
  }

  async #locate(repository: string): Promise<Location> {
    const checked = checkRepositoryUrl(repository, this.#isLocalAllowed)
    if (!checked.isAccepted) return { isFound: false, problem: checked.problem }
    const pinned = await pinHost(checked.url, this.#isLocalAllowed)
    if (!pinned.isPublic) return { isFound: false, problem: pinned.problem }
    const settings = pinned.curlResolve === null ? [] : [`http.curloptResolve=${pinned.curlResolve}`]
    return { isFound: true, url: checked.url.href, settings }
  }
}

type Location =
  | { readonly isFound: true; readonly url: string; readonly settings: readonly string[] }
  | { readonly isFound: false; readonly problem: string }
