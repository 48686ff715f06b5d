import type { CallOptions, MinerScore, Repositories, WeightCycle } from '@subnetkit/core'

import type { HeldBack } from '../cycles/resolve-vector.ts'
import type { Metagraph } from '../ports/chain.ts'
import { snapshotScores } from '../scoring/snapshot-scores.ts'
import type { MadeVector } from './record-outbox.ts'

/** What a vector is made of again. */
export interface MadeAgainParams {
  readonly cycle: WeightCycle
  /** As near to the cycle's time as can be had. */
  readonly metagraph: Metagraph
  readonly now: Date
}

/**
 * What a cycle's vector was made of, read once more from the store; null when its scores have expired. Why a miner was
 * held back was not stored with the cycle: it is told from who the miner is on the subnet now.
 */
export async function madeAgain(
  minerScores: Pick<Repositories['minerScores'], 'findSnapshot' | 'list'>,
  { cycle, metagraph, now }: MadeAgainParams,
  options?: CallOptions,
): Promise<MadeVector | null> {
  const snapshot = await minerScores.findSnapshot({ blockNumber: cycle.snapshotBlock, now }, options)
  if (snapshot?.snapshotId !== cycle.snapshotId) return null
  const scores: MinerScore[] = []
  for await (const score of snapshotScores(minerScores, { snapshot, now }, options)) scores.push(score)
  return { cycle, metagraph, snapshot, scores, heldBack: heldBackBy(cycle, scores, metagraph) }
}

/** Who earned weight and was sent none, with the reason; without one it was too little to be sent. */
function heldBackBy(
  { validatorHotkey, weights }: WeightCycle,
  scores: readonly MinerScore[],
  { neurons, ownerHotkey }: Metagraph,
): ReadonlyMap<string, HeldBack> {
  const sent = new Set(weights.map(({ hotkey }) => hotkey))
  const permits = new Map(neurons.map(({ hotkey, hasPermit }) => [hotkey, hasPermit]))
  const heldBack = new Map<string, HeldBack>()
  for (const { minerHotkey: hotkey, weight } of scores) {
    if (!(weight > 0) || sent.has(hotkey)) continue
    const hasPermit = permits.get(hotkey)
    if (hasPermit === undefined) heldBack.set(hotkey, 'not_registered')
    else if (hotkey === validatorHotkey) heldBack.set(hotkey, 'own')
    else if (hotkey === ownerHotkey) heldBack.set(hotkey, 'owner')
    else if (hasPermit) heldBack.set(hotkey, 'validator')
  }
  return heldBack
}
