import { lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { InputError, StorageError } from '@subnetkit/core'

import type { CloneParams, CloneResult } from '../../ports/repository-source.ts'
import { BlobWriter } from './blob-writer.ts'
import { fetchFailure, lastWords } from './fetch-failure.ts'
import type { GitEnd, GitProgram } from './git-program.ts'
import { RefusedTree, TreeReader } from './tree-entries.ts'

/** How often the download is weighed, in ms. */
const WEIGH_EVERY_MS = 50
/** What a pack may weigh beyond its files: commits, trees, an index. */
const PACK_OVERHEAD_BYTES = 16 * 1024 * 1024

/** A clone of which everything but the bytes is decided. */
export interface CommitParams extends Omit<CloneParams, 'commit'> {
  readonly commit: string
  /** Checked address, as git is given it. */
  readonly url: string
  /** Settings of this fetch alone, `name=value`. */
  readonly settings: readonly string[]
}

/**
 * Fetches exactly one commit, without history, into a repository that never has a work tree, and writes its files from
 * the stored objects. They appear at `into` at once or not at all; what a killed call left beside it is removed first.
 */
export async function cloneCommit(git: GitProgram, params: Readonly<CommitParams>): Promise<CloneResult> {
  if (await exists(params.into)) {
    throw new InputError({
      field: 'into',
      value: params.into,
      problem: 'exists already',
      hint: 'name a folder that does not exist',
    })
  }
  const scratch = `${params.into}.partial`
  await rm(scratch, { recursive: true, force: true })
  await mkdir(dirname(params.into), { recursive: true })
  await mkdir(join(scratch, 'tree'), { recursive: true })
  try {
    const result = await new CommitClone(git, scratch, params).run()
    if (result.isCloned) await rename(join(scratch, 'tree'), params.into)
    return result
  } catch (error) {
    if (error instanceof RefusedTree) return { isCloned: false, reason: error.message }
    throw error
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

class CommitClone {
  readonly #git: GitProgram
  readonly #scratch: string
  readonly #params: Readonly<CommitParams>
  readonly #repository: string

  constructor(git: GitProgram, scratch: string, params: Readonly<CommitParams>) {
    this.#git = git
    this.#scratch = scratch
    this.#params = params
    this.#repository = join(scratch, 'repository')
  }

  async run(): Promise<CloneResult> {
    const late = AbortSignal.timeout(this.#params.limits.timeLimitMs)
    const signal = AbortSignal.any([this.#params.signal, late])
    try {
      return await this.#clone(signal)
    } catch (error) {
      if (error !== late.reason) throw error
      throw new StorageError({
        code: 'timeout',
        message: `${this.#params.repository} took longer than ${this.#params.limits.timeLimitMs} ms to fetch`,
      })
    }
  }

  async #clone(signal: AbortSignal): Promise<CloneResult> {
    const { commit, limits, repository } = this.#params
    this.#expect(
      await this.#git.run(this.#scratch, {
        args: ['init', '--quiet', '--bare', '--template=', '--', this.#repository],
        signal,
      }),
    )
    const fetched = await this.#fetch(signal)
    if (fetched.exitCode !== 0) {
      const failure = fetchFailure(fetched, repository)
      if (!failure.isSubmissionsFault) throw failure.error
      return { isCloned: false, reason: failure.reason }
    }
    const kind = await this.#run(['cat-file', '-t', commit], signal)
    if (kind.exitCode !== 0 || kind.stdout.trim() !== 'commit') {
      return { isCloned: false, reason: `${commit} is no commit of the repository` }
    }
    const tree = new TreeReader(limits)
    this.#expect(
      await this.#run(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], signal, {
        onOutput: (chunk) => tree.push(chunk),
      }),
    )
    if (tree.entries.length === 0) return { isCloned: false, reason: 'it has no files' }
    const writer = new BlobWriter(join(this.#scratch, 'tree'), tree.entries)
    this.#expect(
      await this.#run(['cat-file', '--batch'], signal, {
        input: tree.entries.map(({ object }) => `${object}\n`).join(''),
        onOutput: (chunk) => writer.push(chunk),
      }),
    )
    writer.finish()
    return { isCloned: true, commit, files: tree.entries.length, bytes: tree.bytes }
  }

  #run(
    args: readonly string[],
    signal: AbortSignal,
    more: Readonly<{ input?: string; onOutput?: (chunk: Buffer) => void | Promise<void> }> = {},
  ): Promise<GitEnd> {
    return this.#git.run(this.#scratch, { args: [`--git-dir=${this.#repository}`, ...args], signal, ...more })
  }

  /** Fetches while somebody weighs the folder; a download that grows over the limit is killed. */
  async #fetch(signal: AbortSignal): Promise<GitEnd> {
    const tooLarge = new AbortController()
    const done = new AbortController()
    const watching = this.#watch(tooLarge, done.signal)
    try {
      const end = await this.#git.run(this.#scratch, {
        args: [
          `--git-dir=${this.#repository}`,
          'fetch',
          '--quiet',
          '--depth=1',
          '--no-tags',
          '--no-recurse-submodules',
          '--no-write-fetch-head',
          '--no-auto-maintenance',
          '--',
          this.#params.url,
          this.#params.commit,
        ],
        settings: this.#params.settings,
        signal: AbortSignal.any([signal, tooLarge.signal]),
      })
      await this.#refuseTooLarge()
      return end
    } finally {
      done.abort()
      await watching
    }
  }

  async #watch(tooLarge: AbortController, done: AbortSignal): Promise<void> {
    while (!done.aborted) {
      await this.#refuseTooLarge().catch((error: unknown) => tooLarge.abort(error))
      if (tooLarge.signal.aborted) return
      await sleep(WEIGH_EVERY_MS, null, { signal: done }).catch(() => null)
    }
  }

  async #refuseTooLarge(): Promise<void> {
    const limit = this.#params.limits.totalBytes + PACK_OVERHEAD_BYTES
    if ((await weigh(this.#repository)) > limit) {
      throw new RefusedTree(`its download has more than ${limit} bytes`)
    }
  }

  /** Commands on a repository of our own making: when they fail, the machine is at fault. */
  #expect(end: GitEnd): void {
    if (end.exitCode === 0) return
    throw new StorageError({
      code: 'unavailable',
      message: `git failed on what it had fetched from ${this.#params.repository}: ${lastWords(end)}`,
    })
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** Bytes of all files under a folder; what vanishes meanwhile weighs nothing. */
async function weigh(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => null)
    bytes += found?.size ?? 0
  }
  return bytes
}
