import type { RetentionPolicy, RetentionSubject, ScoreSnapshot } from '@subnetkit/core'

import { historicalTop, subjectKey, type TopModel } from './historical-top.ts'

/** One environment's samples of one model, of one generation. */
export interface SampleGroup {
  readonly environment: string
  readonly generation: number
}

/** A model of which samples are kept. */
export interface SampledModel extends RetentionSubject {
  /** Whether the miner serves it now, and takes part. */
  readonly isCurrent: boolean
  readonly groups: readonly SampleGroup[]
}

/** Why a model's samples stay, or that the old ones among them may go. */
export interface ModelDecision {
  readonly model: SampledModel
  readonly decision: 'protected' | 'current' | 'expires'
  /** Why it is protected; null when it is not. */
  readonly because: string | null
}

/** What is to be done, before any sample is looked at. */
export interface RetentionDecisions {
  /** Models among the historical best that have no protection yet, with samples or without. */
  readonly protect: readonly TopModel[]
  /** One per model with samples, by hotkey and revision. */
  readonly models: readonly ModelDecision[]
}

/**
 * Decides for every model. A protection that was ever written counts, whatever the snapshots say: those go after thirty
 * days. A protection that was ended by hand is given again to whoever is among the best of a snapshot that is left.
 */
export function planRetention(
  params: Readonly<{
    snapshots: readonly Pick<ScoreSnapshot, 'blockNumber' | 'top'>[]
    policies: readonly Pick<RetentionPolicy, 'minerHotkey' | 'modelRevision' | 'protectedBecause'>[]
    models: readonly SampledModel[]
    keepTop: number
    includesCurrent: boolean
  }>,
): RetentionDecisions {
  const { snapshots, policies, models, keepTop, includesCurrent } = params
  const reasons = new Map<string, string>()
  for (const policy of policies) {
    if (policy.protectedBecause !== null) reasons.set(subjectKey(policy), policy.protectedBecause)
  }
  const protect = historicalTop(snapshots, keepTop).filter((model) => !reasons.has(subjectKey(model)))
  for (const model of protect) reasons.set(subjectKey(model), model.because)
  return {
    protect,
    models: models
      .toSorted((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1))
      .map((model): ModelDecision => {
        const because = reasons.get(subjectKey(model)) ?? null
        if (because !== null) return { model, decision: 'protected', because }
        const isKept = model.isCurrent && !includesCurrent
        return { model, decision: isKept ? 'current' : 'expires', because }
      }),
  }
}
