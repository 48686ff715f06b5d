import {
  type CallOptions,
  defineTask,
  type Repositories,
  type RetentionPolicy,
  type RetentionSubject,
  type SampleRepository,
  type SampleScope,
  type ScoreSnapshot,
} from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import type { TopModel } from '../retention/historical-top.ts'
import { type ModelDecision, planRetention, type SampledModel } from '../retention/plan-retention.ts'
import { readModels } from '../retention/read-models.ts'
import { retentionContextSchema, type RetentionContext } from '../retention/retention-context.ts'
import { readAllMiners } from '../scoring/scored-miners.ts'

const DAY_MS = 86_400_000

/** What planning reads; it writes nothing. */
export interface RetentionDeps {
  readonly repositories: Pick<Repositories, 'miners' | 'samples' | 'minerScores' | 'retentionPolicies'>
}

/** One group of samples in which something is old enough to go. */
export interface PlannedRemoval {
  readonly scope: SampleScope
  readonly generation: number
  readonly sampleCount: number
  /** How many of them are older than the cutoff. */
  readonly expiredCount: number
  /** When the oldest one was taken. */
  readonly oldest: Date
}

/** What `retention apply` would do now. */
export interface RetentionPlan {
  /** Samples taken before this may go. */
  readonly cutoff: Date
  /** Models among the historical best that are not protected yet. */
  readonly protect: readonly TopModel[]
  /** Models whose samples stay, and why. */
  readonly keep: readonly KeptModel[]
  /** By hotkey, revision, environment and generation. */
  readonly remove: readonly PlannedRemoval[]
}

/** A model of which no sample goes. */
export interface KeptModel extends RetentionSubject {
  readonly decision: 'protected' | 'current'
  /** Why it is protected; null when it is not. */
  readonly because: string | null
}

/**
 * Finds what is to be protected and what may go. Reads the samples of models that are not kept, and counts them; a group
 * that cannot be read fails the plan.
 */
export const planRetentionTask = defineTask<RetentionDeps, RetentionContext, RetentionPlan>({
  name: 'plan-retention',
  context: retentionContextSchema,
  run: async ({ repositories }, context, control) => {
    const options: CallOptions = { signal: control.signal }
    const now = control.clock.now()
    const cutoff = new Date(now.getTime() - context.olderThanDays * DAY_MS)
    const snapshots: ScoreSnapshot[] = []
    const published = allItems((page) => repositories.minerScores.listSnapshots({ now, ...page }, options))
    for await (const snapshot of published) snapshots.push(snapshot)
    const miners = await readAllMiners(repositories.miners, options)
    const models: SampledModel[] = []
    const policies: RetentionPolicy[] = []
    for (const [done, miner] of miners.entries()) {
      control.progress({ stage: 'find models', done, total: miners.length, unit: 'miners' })
      const read = await readModels(repositories, miner, options)
      models.push(...read.models)
      policies.push(...read.policies)
    }
    const { protect, models: decisions } = planRetention({ ...context, snapshots, policies, models })
    const groups = decisions
      .filter(({ decision }) => decision === 'expires')
      .flatMap(({ model: { groups: ofModel, ...model } }) =>
        ofModel.map(({ environment, generation }) => ({ scope: scopeOf(model, environment), generation })),
      )
    const remove: PlannedRemoval[] = []
    for (const [done, { scope, generation }] of groups.entries()) {
      control.progress({ stage: 'count samples', done, total: groups.length, unit: 'scopes' })
      const counts = await countGroup(repositories.samples, { scope, generation, cutoff }, options)
      if (counts.oldest !== null) remove.push({ scope, generation, ...counts, oldest: counts.oldest })
      await control.checkpoint()
    }
    return { cutoff, protect, keep: decisions.flatMap(keptModel), remove }
  },
})

function scopeOf({ minerHotkey, modelRevision }: RetentionSubject, environment: string): SampleScope {
  return { minerHotkey, modelRevision, environment }
}

function keptModel({ model, decision, because }: ModelDecision): readonly KeptModel[] {
  const { minerHotkey, modelRevision } = model
  return decision === 'expires' ? [] : [{ minerHotkey, modelRevision, decision, because }]
}

/** `oldest` is null when nothing is old enough to go. */
async function countGroup(
  samples: Pick<SampleRepository, 'stream'>,
  { scope, generation, cutoff }: Readonly<{ scope: SampleScope; generation: number; cutoff: Date }>,
  options: CallOptions,
): Promise<Readonly<{ sampleCount: number; expiredCount: number; oldest: Date | null }>> {
  let sampleCount = 0
  let expiredCount = 0
  let oldest: Date | null = null
  const group = { scope, fromGeneration: generation, toGeneration: generation }
  for await (const { takenAt } of samples.stream(group, options)) {
    sampleCount += 1
    if (takenAt >= cutoff) continue
    expiredCount += 1
    if (oldest === null || takenAt < oldest) oldest = takenAt
  }
  return { sampleCount, expiredCount, oldest }
}
