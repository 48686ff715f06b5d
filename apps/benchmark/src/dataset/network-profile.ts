/** What of a network shows in its transfers. */
export interface NetworkProfile {
  /** Milliseconds between blocks; every timestamp is a multiple of it after the window's start. */
  readonly blockMs: number
  /** Symbol of the network's own token. */
  readonly symbol: string
  /** substrate, evm or utxo: a column of the labels. */
  readonly networkType: string
  /** Price of the token on the window's first day, in ten-thousandths of a dollar. */
  readonly startPrice: number
}

const families: readonly (readonly [prefix: string, profile: NetworkProfile])[] = [
  ['torus', { blockMs: 8_000, symbol: 'TOR', networkType: 'substrate', startPrice: 2_400 }],
  ['polkadot', { blockMs: 6_000, symbol: 'DOT', networkType: 'substrate', startPrice: 41_000 }],
  ['bittensor', { blockMs: 12_000, symbol: 'TAO', networkType: 'substrate', startPrice: 3_600_000 }],
  ['bitcoin', { blockMs: 600_000, symbol: 'BTC', networkType: 'utxo', startPrice: 1_090_000_000 }],
]

/** The profile of a network by its family prefix; a name of no known family gets 12-second blocks and symbol NATIVE. */
export function networkProfile(network: string): NetworkProfile {
  const found = families.find(([prefix]) => network === prefix || network.startsWith(`${prefix}_`))
  const profile = found?.[1] ?? {
    blockMs: 12_000,
    symbol: 'NATIVE',
    networkType: 'substrate',
    startPrice: 10_000,
  }
  return network.includes('_evm') ? { ...profile, networkType: 'evm' } : profile
}
