/** How long a block takes on a Subtensor chain. */
const SUBTENSOR_BLOCK_MS = 12_000

/** A height of the chain and when it was read. */
export interface KnownBlock {
  readonly blockNumber: number
  readonly at: Date
  /** Length of a block. @default 12000 */
  readonly blockMs?: number
}

/**
 * The chain's height as far as it can be told without asking the chain: a block each `blockMs` from a height that somebody
 * read, and 0 for ever when nobody did. It must not run ahead of the chain, or scores of later samples would
 * look like earlier ones; a clock that went back does not take blocks back below the known one.
 */
export function blockSince(known: KnownBlock | null, now: Date): number {
  if (known === null) return 0
  const { blockNumber, at, blockMs = SUBTENSOR_BLOCK_MS } = known
  return blockNumber + Math.max(0, Math.floor((now.getTime() - at.getTime()) / blockMs))
}
