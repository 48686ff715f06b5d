import { createHash } from 'node:crypto'

import { canonicalJson, type MinerScore, type ScoreSnapshot, type WeightCycle } from '@subnetkit/core'

const ID_DIGITS = 32

/** What a cycle is made of. */
export interface PrepareCycleParams {
  readonly netuid: number
  readonly validatorHotkey: string
  /** The chain's newest block. */
  readonly blockNumber: number
  readonly snapshot: ScoreSnapshot
  /** Of the snapshot, all of them. */
  readonly scores: readonly MinerScore[]
  readonly now: Date
}

/**
 * A cycle whose weights are held by hotkey: what the scores gave, before anybody is looked up on the chain. The same
 * scores at the same block are the same cycle.
 */
export function prepareCycle(params: PrepareCycleParams): WeightCycle {
  const { netuid, validatorHotkey, blockNumber, snapshot, scores, now } = params
  const { snapshotId, rule, burn } = snapshot
  const identity = canonicalJson({ netuid, validatorHotkey, blockNumber, snapshotId })
  return {
    netuid,
    validatorHotkey,
    cycleId: createHash('sha256').update(identity).digest('hex').slice(0, ID_DIGITS),
    blockNumber,
    snapshotId,
    snapshotBlock: snapshot.blockNumber,
    rule,
    parametersHash: createHash('sha256').update(canonicalJson(snapshot.parameters)).digest('hex'),
    burn,
    state: 'prepared',
    reason: null,
    attempts: 0,
    versionKey: 0n,
    mechanism: null,
    inclusionBlock: null,
    extrinsicHash: null,
    revealBlock: null,
    effectiveBlock: null,
    weights: scores
      .filter(({ weight }) => weight > 0)
      .map(({ minerHotkey, weight }) => ({ hotkey: minerHotkey, weight, uid: null, value: null })),
    steps: [{ state: 'prepared', at: now, blockNumber, detail: null }],
    createdAt: now,
    updatedAt: now,
  }
}
