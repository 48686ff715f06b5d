import { setMaxListeners } from 'node:events'

import {
  type CallOptions,
  defineTask,
  type RetentionSubject,
  type Sample,
  type SampleKey,
  type SampleScope,
} from '@subnetkit/core'

import { subjectKey } from '../retention/historical-top.ts'
import { protectModels } from '../retention/protect-models.ts'
import { retentionContextSchema, type RetentionContext } from '../retention/retention-context.ts'
import {
  planRetentionTask,
  type PlannedRemoval,
  type RetentionDeps,
  type RetentionPlan,
} from './plan-retention.ts'

/** Samples between two looks at the protection of their model. */
const BATCH = 100

/** What became of one group. */
export interface RemovedGroup {
  readonly scope: SampleScope
  readonly generation: number
  /** Samples that are gone now and were there before, as the store counted them. */
  readonly removed: number
  /** Whether somebody protected the model before all of it was done; the rest stays. */
  readonly wasProtected: boolean
}

/** What applying did. */
export interface AppliedRetention {
  readonly plan: RetentionPlan
  readonly newlyProtected: number
  readonly groups: readonly RemovedGroup[]
  readonly removed: number
}

/**
 * Protects first, then removes what the plan lists, and notes each model that is through. There is nothing to resume
 * from but the store itself: after a kill at any point the same call plans what is left and does it.
 *
 * The protection is read again right before each batch of removals, so one that is written meanwhile holds from the next
 * batch on.
 */
export const applyRetentionTask = defineTask<RetentionDeps, RetentionContext, AppliedRetention>({
  name: 'apply-retention',
  context: retentionContextSchema,
  run: async (deps, context, control) => {
    // Every request that waits listens to it, and there are many at once.
    setMaxListeners(0, control.signal)
    const options: CallOptions = { signal: control.signal }
    const { retentionPolicies } = deps.repositories
    const plan = await control.runNested(planRetentionTask, deps, context)
    const now = control.clock.now()
    const newlyProtected = await protectModels(retentionPolicies, plan.protect, now, options)

    const total = plan.remove.reduce((sum, { expiredCount }) => sum + expiredCount, 0)
    const groups: RemovedGroup[] = []
    let done = 0
    for (const [index, planned] of plan.remove.entries()) {
      const group = await removeGroup(deps, { planned, cutoff: plan.cutoff }, options, (removed) => {
        done += removed
        control.progress({ stage: 'remove samples', done: Math.min(done, total), total, unit: 'samples' })
      })
      groups.push(group)
      const next = plan.remove[index + 1]
      const isModelDone = next === undefined || subjectKey(next.scope) !== subjectKey(planned.scope)
      if (isModelDone && !group.wasProtected) {
        await retentionPolicies.recordCleanup(
          { ...subjectOf(planned.scope), now: control.clock.now() },
          options,
        )
      }
      await control.checkpoint()
    }
    return { plan, newlyProtected, groups, removed: groups.reduce((sum, { removed }) => sum + removed, 0) }
  },
})

async function removeGroup(
  { repositories: { samples, retentionPolicies } }: RetentionDeps,
  { planned, cutoff }: Readonly<{ planned: PlannedRemoval; cutoff: Date }>,
  options: CallOptions,
  onRemoved: (removed: number) => void,
): Promise<RemovedGroup> {
  const { scope, generation } = planned
  const group = { scope, fromGeneration: generation, toGeneration: generation }
  let removed = 0
  for await (const keys of expiredKeys(samples.stream(group, options), cutoff)) {
    const policy = await retentionPolicies.find(subjectOf(scope), options)
    if (policy !== null && policy.protectedBecause !== null) {
      return { scope, generation, removed, wasProtected: true }
    }
    const gone = await samples.remove({ keys }, options)
    removed += gone.removed
    onRemoved(gone.removed)
  }
  return { scope, generation, removed, wasProtected: false }
}

/** Keys of the samples taken before the cutoff, in batches. */
async function* expiredKeys(
  samples: AsyncIterable<Sample>,
  cutoff: Date,
): AsyncGenerator<readonly SampleKey[], void, undefined> {
  let batch: SampleKey[] = []
  for await (const { minerHotkey, modelRevision, environment, generation, taskId, takenAt } of samples) {
    if (takenAt >= cutoff) continue
    batch.push({ minerHotkey, modelRevision, environment, generation, taskId })
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function subjectOf({ minerHotkey, modelRevision }: SampleScope): RetentionSubject {
  return { minerHotkey, modelRevision }
}
