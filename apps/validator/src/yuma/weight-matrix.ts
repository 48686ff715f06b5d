import { divide } from './fixed-point.ts'
import { EMPTY_ROW, type Neuron, type SubnetState, type U16Row } from './subnet-state.ts'

/** Weights or bonds of those who have any, row after row. */
export interface RowMatrix {
  /** The uid that each row belongs to, ascending. */
  readonly uids: readonly number[]
  /** Number of uids, which is the length of a row. */
  readonly columns: number
  /** In units of 2⁻³². */
  readonly cells: Float64Array
}

/** The weights that count in an epoch. */
export interface WeightMatrix extends RowMatrix {
  /** 1 where an entry is stored and not masked, be it of zero: liquid alpha keeps the bond there and drops it elsewhere. */
  readonly isGiven: Uint8Array
}

/**
 * Weights after the masks, each row summing to one. Left out are: rows without permit, weights on oneself (the owner's is
 * kept), weights that are not younger than the registration of their miner, and those older than it whose holder has a
 * commit from before it. A row of which nothing remains stays zero.
 */
export function weightMatrix(
  state: SubnetState,
  weights: readonly U16Row[],
  uids: readonly number[],
): WeightMatrix {
  const columns = state.neurons.length
  const cells = new Float64Array(uids.length * columns)
  const isGiven = new Uint8Array(cells.length)
  for (const [row, uid] of uids.entries()) {
    const neuron = state.neurons[uid]
    if (neuron === undefined || !neuron.hasPermit) continue
    const start = row * columns
    const { uids: targets, values } = weights[uid] ?? EMPTY_ROW
    let sum = 0
    for (let at = 0; at < targets.length; at += 1) {
      const target = targets[at] ?? 0
      const miner = state.neurons[target]
      if (miner === undefined || (target === uid && uid !== state.ownerUid)) continue
      if (isOutdated(neuron, miner)) continue
      const value = values[at] ?? 0
      cells[start + target] = value
      isGiven[start + target] = 1
      sum += value
    }
    for (let at = start; at < start + columns; at += 1) cells[at] = divide(cells[at] ?? 0, sum)
  }
  return { uids, columns, cells, isGiven }
}

function isOutdated(validator: Neuron, miner: Neuron): boolean {
  if (validator.lastUpdate <= miner.registeredAt) return true
  return validator.commitBlock !== null && validator.commitBlock < miner.registeredAt
}
