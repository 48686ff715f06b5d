import {
  type BenchmarkSubmissionContext,
  benchmarkSubmissionContextSchema,
  defineTask,
  type Task,
  type TaskControl,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { imageNameOf } from '../../ports/sandbox.ts'
import { buildSubmission } from './build-submission.ts'
import { cloneSubmission } from './clone-submission.ts'
import { readScanVerdict, type ScanVerdict, scanCloned } from './scan-cloned.ts'
import { stepRetry } from '../step-retry.ts'
import { withSubmissionLock } from './submission-lock.ts'

/** Whether a submission can be run on this machine; if not, which step ended it and a sentence for its miner. */
export type PreparedSubmission =
  | { readonly isReady: true; readonly image: string; readonly treeSha256: string }
  | { readonly isReady: false; readonly step: 'clone' | 'scan' | 'build'; readonly reason: string }

type Deps = Pick<BenchmarkDeps, 'locks' | 'reviewer' | 'sandbox' | 'source' | 'workFolder'>

const LIMIT_MS = 7_200_000
const MAX_REASON = 2_000
const SHOWN_FINDINGS = 5

/**
 * Clones, scans and builds one commit, as far as that is not done on this machine. Killed at any point, it goes on from
 * what lies on the disk. The submission's own fault is an answer; what is thrown is the machine's or the network's, after
 * the tries that its policy allows.
 */
export async function prepareSubmission(
  deps: Deps,
  submission: BenchmarkSubmissionContext,
  control: TaskControl,
): Promise<PreparedSubmission> {
  return await control.runNested(prepareSubmissionTask, deps, submission)
}

/** {@link prepareSubmission} as a task. */
export const prepareSubmissionTask: Task<Deps, BenchmarkSubmissionContext, PreparedSubmission> = defineTask({
  name: 'prepare-submission',
  context: benchmarkSubmissionContextSchema,
  retry: stepRetry,
  timeLimitMs: LIMIT_MS,
  run: async (deps: Deps, submission, { signal }) => {
    const image = imageNameOf(submission)
    const verdict = await readScanVerdict(deps, submission, signal)
    if (verdict?.isAccepted === true && (await deps.sandbox.hasImage(image))) {
      return { isReady: true, image, treeSha256: verdict.treeSha256 }
    }
    return await withSubmissionLock(
      deps,
      submission,
      signal,
      async (held) => await doSteps(deps, submission, held),
    )
  },
})

async function doSteps(
  deps: Deps,
  submission: BenchmarkSubmissionContext,
  signal: AbortSignal,
): Promise<PreparedSubmission> {
  const cloned = await cloneSubmission(deps, submission, signal)
  if (!cloned.isCloned) return notReady('clone', cloned.reason)
  signal.throwIfAborted()
  const verdict = await scanCloned(deps, submission, signal)
  if (!verdict.isAccepted) return notReady('scan', describeFindings(verdict))
  signal.throwIfAborted()
  const built = await buildSubmission(deps, submission, signal)
  if (!built.isBuilt) return notReady('build', built.reason)
  return { isReady: true, image: built.image, treeSha256: verdict.treeSha256 }
}

function notReady(step: 'clone' | 'scan' | 'build', reason: string): PreparedSubmission {
  return { isReady: false, step, reason: reason.slice(0, MAX_REASON) }
}

function describeFindings({ findings }: ScanVerdict): string {
  const shown = findings.slice(0, SHOWN_FINDINGS).map(({ rule, path, line, message }) => {
    const place = line === null ? path : `${path}:${line}`
    return `${place}: ${message} (${rule})`
  })
  const more = findings.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
