import { skipRepeats } from './skip-repeats.ts'
import { nextEpochBlock, runLocalEpoch } from './local-epoch.ts'
import type { LocalChainState } from './local-chain-state.ts'
import { peersSetWeights } from './peer-validators.ts'

/** With fewer epochs to run than this, looking for repeats costs more than it saves. */
const MANY_EPOCHS = 16

/**
 * The chain at a later block: every epoch on the way has run at its block, and before each the other validators have sent
 * their weights. A course that repeats itself is recognised and not walked again, with the same outcome. A block that is
 * not later changes nothing.
 */
export function advanceChain(state: LocalChainState, block: number): LocalChainState {
  if (block <= state.block) return state
  const { tempo } = state.parameters
  const isLong = tempo > 0 && (block - state.lastEpochBlock) / tempo > MANY_EPOCHS
  const current = isLong ? skipRepeats(state, block, nextTurn) : state
  return { ...walk(current, block), block }
}

/** To the end of the next epoch, or to `block` when that comes first. */
function nextTurn(state: LocalChainState, block: number): LocalChainState {
  const epochBlock = nextEpochBlock(state)
  if (epochBlock === null) return state
  // Peers send in the last block before an epoch, once.
  const sent =
    state.block < epochBlock - 1 && block >= epochBlock - 1
      ? peersSetWeights({ ...state, block: epochBlock - 1 })
      : state
  return block >= epochBlock ? runLocalEpoch(sent, epochBlock) : sent
}

function walk(state: LocalChainState, block: number): LocalChainState {
  let current = state
  for (;;) {
    const next = nextTurn(current, block)
    if (next.epoch === current.epoch) return next
    current = next
  }
}
