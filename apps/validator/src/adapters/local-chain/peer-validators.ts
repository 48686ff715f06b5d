import { TaskDraws } from '../../environments/task-draws.ts'
import { maxUpscale } from '../../yuma/max-upscale.ts'
import type { Transition } from './chain-refusal.ts'
import { commitTimelocked } from './commit-weights.ts'
import type { LocalChainState } from './local-chain-state.ts'
import { setWeights, type SignedWeights } from './set-weights.ts'

/** Errors are drawn in 10,000ths, so that every machine draws the same. */
const UNIT = 10_000

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
    const draws = new TaskDraws(`${state.genesis.seed}:peer:${peer.hotkey}:${hotkey}`)
    return [{ uid, weight: score * (1 + (peer.error * draws.between(-UNIT, UNIT)) / UNIT) }]
  })
  return {
    hotkey: peer.hotkey,
    netuid: state.netuid,
    uids: weighed.map(({ uid }) => uid),
    values: maxUpscale(weighed.map(({ weight }) => weight)),
    versionKey: state.parameters.weightsVersionKey,
  }
}

function sendWeights(state: LocalChainState, weights: SignedWeights): Transition {
  const { commitRevealEnabled, commitRevealVersion } = state.parameters
  if (!commitRevealEnabled) return setWeights(state, weights)
  return commitTimelocked(state, { ...weights, commitRevealVersion })
}
