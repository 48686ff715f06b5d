import { type BenchmarkSubmissionContext, InputError } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { imageNameOf } from '../../ports/sandbox.ts'
import { isFolder } from './clone-submission.ts'
import { readScanVerdict } from './scan-cloned.ts'
import { submissionPaths } from '../work-paths.ts'

/** Whether the image of the pinned commit is on this machine. */
export type BuiltSubmission =
  | { readonly isBuilt: true; readonly isNew: boolean; readonly image: string; readonly buildMs: number }
  | { readonly isBuilt: false; readonly reason: string }

type Deps = Pick<BenchmarkDeps, 'locks' | 'reviewer' | 'sandbox' | 'workFolder'>

const BUILD_LIMIT_MS = 1_800_000

/**
 * Builds the image of the cloned tree unless it is there. Only a tree that the scanner accepted is built. Whoever calls
 * it holds the submission's lock.
 *
 * @throws InputError when the tree is not there, or was not accepted.
 */
export async function buildSubmission(
  deps: Omit<Deps, 'locks'>,
  submission: BenchmarkSubmissionContext,
  signal: AbortSignal,
): Promise<BuiltSubmission> {
  const { tree } = submissionPaths(deps.workFolder, submission)
  const verdict = await readScanVerdict(deps, submission, signal)
  if (verdict?.isAccepted !== true) {
    throw refusal(submission, verdict === null ? 'was not scanned' : 'was refused by the scanner')
  }
  const image = imageNameOf(submission)
  if (await deps.sandbox.hasImage(image)) return { isBuilt: true, isNew: false, image, buildMs: 0 }
  if (!(await isFolder(tree))) throw refusal(submission, 'has no tree on this machine')
  const built = await deps.sandbox.buildImage({ tree, image, timeLimitMs: BUILD_LIMIT_MS, signal })
  return built.isBuilt
    ? { isBuilt: true, isNew: true, image, buildMs: built.buildMs }
    : { isBuilt: false, reason: built.reason }
}

function refusal({ commit }: BenchmarkSubmissionContext, problem: string): InputError {
  return new InputError({
    field: 'commit',
    value: commit,
    problem,
    hint: 'clone and scan it first: benchmark clone and benchmark build do it in order',
  })
}
