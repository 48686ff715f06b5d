import { InputError } from '@subnetkit/core'

import type { Chain, ChainOptions } from '../../ports/chain.ts'
import type { HotkeySigner } from '../../wallet/hotkey-signer.ts'

/** How to reach Bittensor's chain. */
export interface SubtensorOptions extends ChainOptions {
  /** `ws://` or `wss://`. */
  readonly url: string
  /** Null for a chain that is only read. */
  readonly signer: HotkeySigner | null
  /** A subnet that must be there. @default none is looked for */
  readonly netuid?: number
  /** Milliseconds until a connection stands, and until an answer is there. @default 30000 */
  readonly answerTimeout?: number
  /** Milliseconds until a block with an extrinsic is final. @default 300000 */
  readonly finalityTimeout?: number
}

/**
 * Opens the chain: connects, and checks that its runtime has the calls and the storage that weights need. The library
 * that reads metadata is loaded here, so that nobody carries it who does not use this chain.
 *
 * @throws InputError for an address of another kind; ChainError `unreachable`, `bad_answer` naming what the runtime
 * lacks, `no_subnet`.
 */
export async function openSubtensorChain(options: SubtensorOptions): Promise<Chain> {
  const { url, signer, netuid, answerTimeout = 30_000, finalityTimeout = 300_000 } = options
  const description = describe(url)
  const { SubtensorChain } = await import('./subtensor-chain.ts')
  const chain = new SubtensorChain({ url, description, signer, answerTimeout, finalityTimeout })
  try {
    if (netuid === undefined) await chain.head(options)
    else await chain.hyperparameters({ netuid }, options)
    return chain
  } catch (error) {
    await chain.close()
    throw error
  }
}

/** The address without path, query and password: providers put keys there. */
function describe(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.protocol === 'ws:' || parsed?.protocol === 'wss:') return `${parsed.protocol}//${parsed.host}`
  throw new InputError({
    field: 'chain URL',
    problem: 'is not the address of a node',
    hint: 'give ws://… or wss://…, for example wss://entrypoint-finney.opentensor.ai:443',
  })
}
