import { openLocalChain } from './adapters/local-chain/open-local-chain.ts'
import { readChainFile } from './adapters/local-chain/chain-file.ts'
import { composeChain, type ComposeChainParams } from './compose-chain.ts'
import { localChainFolder } from './compose-local-chain.ts'
import type { ChainOptions } from './ports/chain.ts'
import type { KnownBlock } from './sampling/block-since.ts'

/**
 * The chain's height now, to be counted on from; null where no node is configured and the data folder has no local chain,
 * which is not begun just for that. A chain that does not answer is told in the log and gives null: samples are taken
 * without it.
 */
export async function readKnownBlock(
  params: Omit<ComposeChainParams, 'blockMs' | 'willSign'>,
  options?: ChainOptions,
): Promise<KnownBlock | null> {
  const { config, dataDir, netuid, clock, log, validatorHotkey } = params
  try {
    if (config.url === null) {
      const folder = localChainFolder(dataDir, netuid)
      if ((await readChainFile(folder)) === null) return null
      await using local = openLocalChain({
        folder,
        clock,
        log,
        createSubnet: null,
        signerHotkey: validatorHotkey,
      })
      const { block, blockMs } = await local.state(options)
      return { blockNumber: block, at: clock.now(), blockMs }
    }
    // Only read: no block length and no key is needed.
    await using composed = await composeChain({ ...params, blockMs: 0, willSign: false }, options)
    const { blockNumber } = await composed.chain.head(options)
    return { blockNumber, at: clock.now() }
  } catch (error) {
    options?.signal?.throwIfAborted()
    log.warn(
      { err: error },
      'the chain does not say its height: samples are noted at block 0; --block gives it',
    )
    return null
  }
}
