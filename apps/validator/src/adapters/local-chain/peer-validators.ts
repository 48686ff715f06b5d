import { createHash } from 'node:crypto'

import { maxUpscale } from '../../yuma/max-upscale.ts'
import type { Transition } from './chain-refusal.ts'
import { commitTimelocked } from './commit-weights.ts'
import type { LocalChainState } from './local-chain-state.ts'
import { setWeights, type SignedWeights } from './set-weights.ts'

const TWO_TO_31 = 0x8000_0000

/**
 * The other validators' turn: each weighs every miner by its score, off by an error of its own that the seed decides, and
 * sends that by the same door as anybody. Whom the chain refuses tries again at its next turn.
 */
export function peersSetWeights(state: LocalChainState): LocalChainState {
  let current = state
  for (const peer of state.peers) {
    const outcome = sendWeights(current, peerWeights(state, peer))
    if (outcome.kind === 'applied') current = outcome.state
  }
  return current
}

/** What a peer would send now. */
function peerWeights(state: LocalChainState, peer: LocalChainState['peers'][number]): SignedWeights {
  const weighed = [...state.neurons.entries()].flatMap(([uid, { hotkey }]) => {
    const score = state.scores[hotkey] ?? 0
    if (score === 0 || hotkey === peer.hotkey) return []
    const drawn = drawnError(`${state.genesis.seed}:peer:${peer.hotkey}:${hotkey}`)
    return [{ uid, weight: score * (1 + peer.error * drawn) }]
  })
  return {
    hotkey: peer.hotkey,
    netuid: state.netuid,
    uids: weighed.map(({ uid }) => uid),
    values: maxUpscale(weighed.map(({ weight }) => weight)),
    versionKey: state.parameters.weightsVersionKey,
  }
}

/** From −1 to 1, by nothing but the text; a fraction of 2³¹, so that every machine draws the same. */
function drawnError(text: string): number {
  return createHash('sha256').update(text, 'utf8').digest().readInt32BE() / TWO_TO_31
}

function sendWeights(state: LocalChainState, weights: SignedWeights): Transition {
  const { commitRevealEnabled, commitRevealVersion } = state.parameters
  if (!commitRevealEnabled) return setWeights(state, weights)
  return commitTimelocked(state, { ...weights, commitRevealVersion })
}
