import { fromNano, toNano, NANO } from './nano-units.ts'

/** What the chain is told to pay, in shares of one. */
export interface ChainShares {
  /** By hotkey; who gets nothing is left out. The uid is looked up when weights are set, not before. */
  readonly miners: ReadonlyMap<string, number>
  /** What goes to uid 0: the burn, what minimum shares left over, or everything when no miner has weight. */
  readonly owner: number
}

/** Takes the burn off the miners' weights; together with the owner's share they make exactly one. */
export function chainShares(
  params: Readonly<{ weights: readonly Readonly<{ minerHotkey: string; weight: number }>[]; burn: number }>,
): ChainShares {
  const { weights, burn } = params
  let paid = 0
  const miners = new Map<string, number>()
  for (const { minerHotkey, weight } of weights) {
    // Rounded down, so that rounding never pays more than there is; the product needs more than 53 bits.
    const nano = Number((BigInt(toNano(weight)) * BigInt(NANO - toNano(burn))) / BigInt(NANO))
    if (nano === 0) continue
    paid += nano
    miners.set(minerHotkey, fromNano(nano))
  }
  return { miners, owner: fromNano(NANO - paid) }
}
