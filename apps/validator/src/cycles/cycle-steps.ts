import type { CycleWeight, SubmissionMechanism, WeightCycle, WeightCycleState } from '@subnetkit/core'
import { StorageError } from '@subnetkit/core'

/** Which state may follow which. A cycle that failed may be submitted again: its weights are still right. */
const FOLLOWERS: Readonly<Record<WeightCycleState, readonly WeightCycleState[]>> = {
  prepared: ['submitted', 'failed'],
  submitted: ['included', 'failed'],
  included: ['revealed', 'failed'],
  revealed: ['effective', 'failed'],
  effective: [],
  failed: ['submitted'],
}

/** The most steps that a cycle keeps; of more, the oldest after the first are dropped. */
const MAX_STEPS = 200

/** A change of state. */
export interface StepParams {
  readonly now: Date
  readonly blockNumber: number | null
  readonly detail?: string | null
}

/** Whether nothing more will happen to it by itself. */
export function isSettled({ state }: Pick<WeightCycle, 'state'>): boolean {
  return state === 'effective' || state === 'failed'
}

/** Weights are on their way: stored before the chain hears of them, so that a crash leaves a trace to look for. */
export function markSubmitted(
  cycle: WeightCycle,
  params: StepParams & {
    readonly weights: readonly CycleWeight[]
    readonly mechanism: SubmissionMechanism
    readonly versionKey: bigint
  },
): WeightCycle {
  const { weights, mechanism, versionKey } = params
  return {
    ...step(cycle, 'submitted', params),
    attempts: cycle.attempts + 1,
    weights: [...weights],
    mechanism,
    versionKey,
    reason: null,
    inclusionBlock: null,
    extrinsicHash: null,
    revealBlock: null,
  }
}

/** A block has the weights, or their commit. */
export function markIncluded(
  cycle: WeightCycle,
  params: StepParams & { readonly blockNumber: number; readonly extrinsicHash: string | null },
): WeightCycle {
  const { blockNumber, extrinsicHash } = params
  return { ...step(cycle, 'included', params), inclusionBlock: blockNumber, extrinsicHash }
}

/** The chain holds exactly our numbers. */
export function markRevealed(
  cycle: WeightCycle,
  params: StepParams & { readonly blockNumber: number },
): WeightCycle {
  return { ...step(cycle, 'revealed', params), revealBlock: params.blockNumber }
}

/** An epoch ran on them. */
export function markEffective(
  cycle: WeightCycle,
  params: StepParams & { readonly blockNumber: number },
): WeightCycle {
  return { ...step(cycle, 'effective', params), effectiveBlock: params.blockNumber }
}

/** They will not be, or not by this submission; `reason` is a short code. */
export function markFailed(cycle: WeightCycle, reason: string, params: StepParams): WeightCycle {
  return { ...step(cycle, 'failed', { ...params, detail: params.detail ?? reason }), reason }
}

function step(cycle: WeightCycle, state: WeightCycleState, params: StepParams): WeightCycle {
  if (!FOLLOWERS[cycle.state].includes(state)) {
    throw new StorageError({
      code: 'conflict',
      message: `weight cycle ${cycle.cycleId} is ${cycle.state} and cannot become ${state}`,
      details: { cycleId: cycle.cycleId, state: cycle.state },
    })
  }
  const { now, blockNumber } = params
  const detail = params.detail?.slice(0, 1_000) ?? null
  const steps = [...cycle.steps, { state, at: now, blockNumber, detail: detail === '' ? null : detail }]
  const kept = steps.length <= MAX_STEPS ? steps : [...steps.slice(0, 1), ...steps.slice(1 - MAX_STEPS)]
  return { ...cycle, state, steps: kept, updatedAt: now }
}
