import { isAbortError, type Logger, StorageError } from '@subnetkit/core'

import type { Miner } from '../compose.ts'

/** What a fleet needs. */
export interface MinerFleetOptions {
  readonly networks: readonly string[]
  /** Puts the miner of a network together, its tables made. */
  readonly compose: (network: string) => Promise<Miner>
  readonly log: Logger
  /** Aborted when serving ends: nothing is put together again then. */
  readonly signal: AbortSignal
}

/** The miners of a server, one per network; each is put together anew when its embedded engine was lost. */
export interface MinerFleet extends AsyncDisposable {
  /** @throws StorageError `not_found` for a network that is not served, `unavailable` while its engine is coming back. */
  get(network: string): Miner
}

/** Puts all miners together; fails when one cannot be. */
export async function createMinerFleet(options: MinerFleetOptions): Promise<MinerFleet> {
  const { compose, log, networks, signal } = options
  const miners = new Map<string, Miner>()
  const returning = new Set<Promise<void>>()
  const close = async (): Promise<void> => {
    await Promise.all(returning)
    await Promise.all([...miners.values()].map(async (miner) => await miner[Symbol.asyncDispose]()))
  }
  const start = async (network: string): Promise<void> => {
    const miner = await compose(network)
    miners.set(network, miner)
    miner.lost.addEventListener('abort', () => {
      if (signal.aborted) return
      const back = comeBack(network, miner).finally(() => returning.delete(back))
      returning.add(back)
    })
  }
  const comeBack = async (network: string, gone: Miner): Promise<void> => {
    miners.delete(network)
    log.warn({ network }, 'the engine ended while it was in use; starting it again')
    await gone[Symbol.asyncDispose]()
    try {
      await start(network)
      log.info({ network }, 'the engine is back')
    } catch (error) {
      if (!isAbortError(error))
        log.error({ err: error, network }, 'the engine did not come back; restart the server')
    }
  }
  try {
    for (const network of networks) await start(network)
  } catch (error) {
    await close()
    throw error
  }
  return {
    get(network) {
      const miner = miners.get(network)
      if (miner !== undefined) return miner
      throw networks.includes(network)
        ? new StorageError({
            code: 'unavailable',
            message: `the engine of ${network} is coming back; ask again`,
          })
        : new StorageError({
            code: 'not_found',
            message: 'the network is not served here; /v1/networks lists those that are',
          })
    },
    [Symbol.asyncDispose]: close,
  }
}
