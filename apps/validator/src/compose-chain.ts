import { type Clock, InputError, type Logger, type Repositories } from '@subnetkit/core'

import { composeLocalChain } from './compose-local-chain.ts'
import type { ChainConfig } from './config.ts'
import type { Chain, ChainOptions } from './ports/chain.ts'
import type { HotkeySigner } from './wallet/hotkey-signer.ts'
import { readHotkey } from './wallet/read-hotkey.ts'

/** A chain, ready for one command. */
export interface ComposedChain extends AsyncDisposable {
  readonly chain: Chain
  readonly netuid: number
  /** Tells a local chain what other validators find, and registers who is new; nothing on a real chain. */
  prepare(options?: ChainOptions): Promise<void>
}

/** Which chain, and what it needs. */
export interface ComposeChainParams {
  readonly config: ChainConfig
  readonly dataDir: string
  readonly netuid: number
  /** Length of a block of a local chain that is begun now. */
  readonly blockMs: number
  readonly validatorHotkey: string
  /** Whether weights will be submitted: only then a key is read. */
  readonly willSign: boolean
  readonly repositories: Pick<Repositories, 'miners' | 'minerScores'>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Opens the chain that weights go to: Bittensor's own where `SUBTENSOR_URL` names a node, else the one of the data
 * folder.
 *
 * @throws InputError when the key cannot be read, or is not the validator's; ChainError when the node does not answer.
 */
export async function composeChain(
  params: ComposeChainParams,
  options?: ChainOptions,
): Promise<ComposedChain> {
  const { config, netuid, willSign, validatorHotkey } = params
  if (config.url === null) return await composeLocalChain(params, options)
  const signer = willSign ? await readSigner(config, validatorHotkey) : null
  const { openSubtensorChain } = await import('./adapters/subtensor/open-subtensor-chain.ts')
  const chain = await openSubtensorChain({ url: config.url, signer, netuid, ...options })
  return {
    chain,
    netuid,
    prepare: async () => undefined,
    [Symbol.asyncDispose]: async () => await chain.close(),
  }
}

async function readSigner(config: ChainConfig, validatorHotkey: string): Promise<HotkeySigner> {
  const { seed, walletFolder, wallet, hotkey } = config
  const signer = await readHotkey(
    seed === null
      ? { kind: 'wallet', walletFolder, wallet, hotkey }
      : { kind: 'seed', variable: 'VALIDATOR_HOTKEY_SEED', value: seed },
  )
  if (signer.hotkey === validatorHotkey) return signer
  throw new InputError({
    field: 'VALIDATOR_HOTKEY',
    value: validatorHotkey,
    problem: `is not the key that would sign, which is ${signer.hotkey}`,
    hint: `set VALIDATOR_HOTKEY=${signer.hotkey}, or name the other key by BT_WALLET_NAME and BT_WALLET_HOTKEY`,
  })
}
