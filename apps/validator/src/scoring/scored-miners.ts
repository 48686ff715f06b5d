import { type CallOptions, isDeregistered, type Miner, type MinerRepository } from '@subnetkit/core'

import { allItems } from '../all-items.ts'

/**
 * Whether a miner takes part: registered and valid. A pause stops sampling, not scoring. A miner without a uid has left
 * the subnet, and so has one that the chain does not have any more, whatever uid was written down for it since: weight for
 * it could be paid to nobody.
 */
export function isScored(miner: Pick<Miner, 'invalidReason' | 'uid' | 'place'>): boolean {
  return miner.invalidReason === null && miner.uid !== null && !isDeregistered(miner)
}

/** All miners there are, in the order of hotkeys. */
export async function readAllMiners(
  miners: Pick<MinerRepository, 'list'>,
  options?: CallOptions,
): Promise<readonly Miner[]> {
  const all: Miner[] = []
  for await (const miner of allItems((page) => miners.list(page, options))) all.push(miner)
  return all.toSorted((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
}
