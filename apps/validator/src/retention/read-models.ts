import type { CallOptions, Miner, Repositories, RetentionPolicy } from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import { isScored } from '../scoring/scored-miners.ts'
import type { SampledModel, SampleGroup } from './plan-retention.ts'

/** A miner's models with their groups of samples, and its policies. */
export async function readModels(
  repositories: Pick<Repositories, 'samples' | 'retentionPolicies'>,
  miner: Miner,
  options?: CallOptions,
): Promise<Readonly<{ models: readonly SampledModel[]; policies: readonly RetentionPolicy[] }>> {
  const minerHotkey = miner.hotkey
  const groups = new Map<string, SampleGroup[]>()
  const scopes = allItems((page) => repositories.samples.listScopes({ minerHotkey, ...page }, options))
  for await (const { scope, generation } of scopes) {
    const known = groups.get(scope.modelRevision) ?? []
    known.push({ environment: scope.environment, generation })
    groups.set(scope.modelRevision, known)
  }
  const policies: RetentionPolicy[] = []
  const written = allItems((page) => repositories.retentionPolicies.list({ minerHotkey, ...page }, options))
  for await (const policy of written) policies.push(policy)
  const models = [...groups].map(([modelRevision, ofModel]) => ({
    minerHotkey,
    modelRevision,
    isCurrent: isScored(miner) && miner.modelRevision === modelRevision,
    groups: ofModel,
  }))
  return { models, policies }
}
