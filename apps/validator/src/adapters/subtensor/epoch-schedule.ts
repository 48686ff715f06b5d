/** When epochs of a subnet run. */
export interface EpochSchedule {
  /** First block after the one that was asked for at which an epoch will run; null when none will. */
  readonly nextEpochBlock: number | null
  /** Blocks from one epoch to the next. */
  readonly epochLength: number
}

/**
 * The schedule after a block. Since 2026 the chain counts from the last epoch, and its owner may ask for one earlier;
 * before (`lastEpochBlock` null) epochs followed the block number and the netuid.
 */
export function epochSchedule(
  params: Readonly<{
    netuid: number
    tempo: number
    blockNumber: number
    lastEpochBlock: number | null
    /** Block for which the owner asked; 0 for none. */
    pendingEpochAt: number
  }>,
): EpochSchedule {
  const { netuid, tempo, blockNumber, lastEpochBlock, pendingEpochAt } = params
  if (tempo === 0) return { nextEpochBlock: null, epochLength: 0 }
  if (lastEpochBlock === null) {
    const epochLength = tempo + 1
    const next = blockNumber + 1
    return { nextEpochBlock: next + tempo - ((next + netuid + 1) % epochLength), epochLength }
  }
  const due = lastEpochBlock + tempo
  const asked = pendingEpochAt > 0 ? Math.min(due, pendingEpochAt) : due
  return { nextEpochBlock: Math.max(asked, blockNumber + 1), epochLength: tempo }
}
