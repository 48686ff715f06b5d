import { type CallOptions, isDeregistered, type Miner, type MinerRepository } from '@subnetkit/core'

import { allItems } from '../all-items.ts'

/** A miner that can be asked: valid, with an endpoint, not deregistered, and not paused at the moment. */
export type SampledMiner = Miner & { readonly endpoint: string }

/** Whether a pause holds at a moment: from its setting to its `until`, which ends it by itself. */
export function isPaused(miner: Pick<Miner, 'pause'>, now: Date): boolean {
  const { pause } = miner
  return pause !== null && (pause.until === null || pause.until.getTime() > now.getTime())
}

/** Whether a miner is asked at the moment. */
export function isSampled(miner: Miner, now: Date): miner is SampledMiner {
  return (
    miner.invalidReason === null && miner.endpoint !== null && !isDeregistered(miner) && !isPaused(miner, now)
  )
}

/** All miners by whether they are asked at the moment. */
export interface MinersNow {
  readonly sampled: readonly SampledMiner[]
  /** Paused, invalid, deregistered or without an endpoint: nothing new is planned for them, and their open tasks wait. */
  readonly resting: readonly Miner[]
}

/** Reads all miners once. */
export async function readMiners(
  miners: Pick<MinerRepository, 'list'>,
  now: Date,
  options?: CallOptions,
): Promise<MinersNow> {
  const sampled: SampledMiner[] = []
  const resting: Miner[] = []
  for await (const miner of allItems((page) => miners.list(page, options))) {
    if (isSampled(miner, now)) sampled.push(miner)
    else resting.push(miner)
  }
  return { sampled, resting }
}
