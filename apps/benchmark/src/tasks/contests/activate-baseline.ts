import { BASELINE_HOTKEY, type Baseline, type TaskControl } from '@subnetkit/core'

import { allPages } from '../all-pages.ts'
import type { ContestDeps } from './contest-deps.ts'

/** Whether a version became the one to beat; if not, a sentence that says why. */
export type ActivatedBaseline =
  | { readonly isActive: true; readonly baseline: Baseline }
  | { readonly isActive: false; readonly baseline: Baseline; readonly reason: string }

/** What {@link activateBaseline} needs. */
export type BaselineDeps = Pick<ContestDeps, 'repositories' | 'locks' | 'clock' | 'prepare'>

/**
 * Builds a version and makes it the active one; the version before is deprecated only afterwards, so that there is always
 * one. Each step may be the last of a killed process: a retry does what is left. Call it under the lock of its type.
 */
export async function activateBaseline(
  deps: BaselineDeps,
  baseline: Baseline,
  control: TaskControl,
): Promise<ActivatedBaseline> {
  const { baselines } = deps.repositories
  const options = { signal: control.signal }
  if (baseline.status === 'active') {
    await deprecateOthers(deps, baseline, options.signal)
    return { isActive: true, baseline }
  }
  const building: Baseline = { ...baseline, status: 'building', errorMessage: null }
  await baselines.put({ baseline: building }, options)
  const { imageType, repository, commit } = building
  const prepared = await deps.prepare({ imageType, hotkey: BASELINE_HOTKEY, repository, commit }, control)
  if (!prepared.isReady) {
    const reason = `${prepared.step}: ${prepared.reason}`.slice(0, 2_000)
    const failed: Baseline = { ...building, status: 'failed', errorMessage: reason }
    await baselines.put({ baseline: failed }, options)
    return { isActive: false, baseline: failed, reason }
  }
  const active: Baseline = { ...building, status: 'active', activatedAt: deps.clock.now() }
  await baselines.put({ baseline: active }, options)
  await deprecateOthers(deps, active, options.signal)
  return { isActive: true, baseline: active }
}

/** All versions of a type, newest first. */
export async function findBaselines(
  { repositories }: Pick<ContestDeps, 'repositories'>,
  { imageType }: Pick<Baseline, 'imageType'>,
  signal: AbortSignal,
): Promise<readonly Baseline[]> {
  return await allPages((page) => repositories.baselines.list({ imageType, ...page }, { signal }))
}

async function deprecateOthers(deps: BaselineDeps, active: Baseline, signal: AbortSignal): Promise<void> {
  for (const baseline of await findBaselines(deps, active, signal)) {
    if (baseline.status !== 'active' || baseline.baselineId === active.baselineId) continue
    const deprecated: Baseline = { ...baseline, status: 'deprecated', deprecatedAt: deps.clock.now() }
    await deps.repositories.baselines.put({ baseline: deprecated }, { signal })
  }
}
