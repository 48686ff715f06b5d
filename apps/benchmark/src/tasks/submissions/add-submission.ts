import {
  commitSchema,
  defineTask,
  hotkeySchema,
  imageTypeSchema,
  repositoryUrlSchema,
  type Submission,
} from '@subnetkit/core'
import { checkHotkey } from '@subnetkit/core/ss58'
import { z } from 'zod'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { lockNames } from '../../ports/locks.ts'
import { withinLock } from '../within-lock.ts'

const contextSchema = z.strictObject({
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  repository: repositoryUrlSchema,
  /** Null for the head of the default branch, which is then pinned. */
  commit: commitSchema.nullable(),
})

/** A submission that stands in the registry. */
export interface AddedSubmission {
  readonly submission: Submission
  /** False when exactly this commit was there already and not refused. */
  readonly isNew: boolean
}

/**
 * Enters a miner's repository at a pinned commit; another commit replaces the one before, also for a commit that was refused
 * or disabled: it is looked at again. It stays pending until it was cloned, accepted and built for the first time.
 */
export const addSubmission = defineTask({
  name: 'add-submission',
  context: contextSchema,
  run: async (
    deps: Pick<BenchmarkDeps, 'repositories' | 'locks' | 'clock' | 'source'>,
    context,
    { signal },
  ): Promise<AddedSubmission> => {
    const { hotkey, imageType, repository } = context
    checkHotkey('hotkey', hotkey)
    const commit = context.commit ?? (await deps.source.resolveHead({ repository, signal }))
    const { submissions } = deps.repositories
    return await withinLock(deps.locks, lockNames.submission(imageType, hotkey), signal, async (held) => {
      const options = { signal: held }
      const before = await submissions.find({ hotkey, imageType }, options)
      const isSame = before?.repository === repository && before.commit === commit
      if (before !== null && isSame && (before.status === 'active' || before.status === 'pending')) {
        return { submission: before, isNew: false }
      }
      const now = deps.clock.now()
      const submission: Submission = {
        hotkey,
        imageType,
        repository,
        commit,
        status: 'pending',
        validationError: null,
        registeredAt: before?.registeredAt ?? now,
        lastUpdatedAt: now,
      }
      await submissions.put({ submission }, options)
      return { submission, isNew: true }
    })
  },
})
