import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import {
  type BenchmarkSubmissionContext,
  benchmarkSubmissionContextSchema,
  defineTask,
  type Task,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import type { CloneLimits } from '../../ports/repository-source.ts'
import { stepRetry } from '../step-retry.ts'
import { withSubmissionLock } from './submission-lock.ts'
import { submissionPaths } from '../work-paths.ts'

/** Whether the tree of the pinned commit lies on this machine. */
export type ClonedSubmission =
  | { readonly isCloned: true; readonly isNew: boolean; readonly tree: string }
  | { readonly isCloned: false; readonly reason: string }

type Deps = Pick<BenchmarkDeps, 'locks' | 'source' | 'workFolder'>

/** What a submission's tree may weigh. */
export const cloneLimits: CloneLimits = Object.freeze({
  totalBytes: 100 * 1024 * 1024,
  fileBytes: 20 * 1024 * 1024,
  files: 2_000,
  timeLimitMs: 300_000,
})

const LIMIT_MS = 600_000

/** Clones the pinned commit unless its tree is there. Whoever calls it holds the submission's lock. */
export async function cloneSubmission(
  deps: Omit<Deps, 'locks'>,
  submission: BenchmarkSubmissionContext,
  signal: AbortSignal,
): Promise<ClonedSubmission> {
  const { tree } = submissionPaths(deps.workFolder, submission)
  if (await isFolder(tree)) return { isCloned: true, isNew: false, tree }
  await mkdir(dirname(tree), { recursive: true, mode: 0o700 })
  const { repository, commit } = submission
  const result = await deps.source.clone({ repository, commit, into: tree, limits: cloneLimits, signal })
  return result.isCloned ? { isCloned: true, isNew: true, tree } : { isCloned: false, reason: result.reason }
}

/** {@link cloneSubmission} as a task, under the submission's lock. */
export const cloneSubmissionTask: Task<Deps, BenchmarkSubmissionContext, ClonedSubmission> = defineTask({
  name: 'clone-submission',
  context: benchmarkSubmissionContextSchema,
  retry: stepRetry,
  timeLimitMs: LIMIT_MS,
  run: async (deps: Deps, submission, { signal }) =>
    await withSubmissionLock(
      deps,
      submission,
      signal,
      async (held) => await cloneSubmission(deps, submission, held),
    ),
})

/** True for a folder; whatever else stands there was not put there by a clone. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
