import type { BenchmarkSubmissionContext } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { lockNames } from '../../ports/locks.ts'
import { imageNameOf } from '../../ports/sandbox.ts'

/** A clone, a scan and a build of somebody else may be before us. */
const WAIT_MS = 7_200_000

/**
 * Does something to the tree and image of one commit while nobody else does: cloning, scanning and building never meet.
 *
 * @throws StorageError `locked` when another holds it for two hours.
 */
export async function withSubmissionLock<Result>(
  deps: Pick<BenchmarkDeps, 'locks'>,
  submission: BenchmarkSubmissionContext,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const name = lockNames.image(imageNameOf(submission))
  await using lock = await deps.locks.acquire({ name, waitMs: WAIT_MS, signal })
  return await work(AbortSignal.any([signal, lock.lost]))
}
