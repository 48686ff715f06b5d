/** One row of what the chain stores as pairs of uid and u16: a validator's weights, or its bonds. Uids ascend, each once. */
export interface U16Row {
  readonly uids: readonly number[]
  readonly values: readonly number[]
}

/** A row without entries: no weights set, or no bonds held. */
export const EMPTY_ROW: U16Row = Object.freeze({ uids: [], values: [] })

/** What the chain knows of the neuron at one uid before an epoch. */
export interface Neuron {
  /** Stake weight in rao, with inherited alpha and TAO already counted in. */
  readonly stake: bigint
  /** Whether the last epoch left it with a validator permit: it is this one that lets its weights count now. */
  readonly hasPermit: boolean
  /** Block of its last weights, or of its last commit where commit-reveal is on. */
  readonly lastUpdate: number
  /** Block at which the present hotkey took the uid. */
  readonly registeredAt: number
  /** Block of its earliest commit that is neither revealed nor expired; null without one or with commit-reveal off. */
  readonly commitBlock: number | null
}

/** A subnet between two epochs. A neuron's uid is its place in `neurons`; `bonds` has one row for each. */
export interface SubnetState {
  readonly neurons: readonly Neuron[]
  /** The uid of the subnet owner's hotkey; null when it has none. */
  readonly ownerUid: number | null
  readonly bonds: readonly U16Row[]
}
