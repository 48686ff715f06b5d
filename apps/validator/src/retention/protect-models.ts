import type { CallOptions, RetentionPolicyRepository } from '@subnetkit/core'

import type { TopModel } from './historical-top.ts'

/** Protects those that are not protected yet, whose first reason stays. Says how many that were. */
export async function protectModels(
  policies: Pick<RetentionPolicyRepository, 'find' | 'protect'>,
  models: readonly TopModel[],
  now: Date,
  options?: CallOptions,
): Promise<number> {
  let protectedNow = 0
  for (const { minerHotkey, modelRevision, because } of models) {
    const policy = await policies.find({ minerHotkey, modelRevision }, options)
    if (policy !== null && policy.protectedBecause !== null) continue
    await policies.protect({ minerHotkey, modelRevision, because, now }, options)
    protectedNow += 1
  }
  return protectedNow
}
