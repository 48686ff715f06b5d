import { type CommandSession, dayFlags } from '@subnetkit/core/cli'
import type { Command } from 'commander'

import { composeMiner, type Miner } from '../compose.ts'
import type { Config } from '../config.ts'

/** Length of the window unless somebody says otherwise. */
export const DEFAULT_WINDOW_DAYS = 30

/** The flags that name a day, with the environment's network as the default one. */
export function minerDayFlags(config: Config): (command: Command) => Command {
  return (command) => {
    dayFlags(command, {
      windowDays: DEFAULT_WINDOW_DAYS,
      ...(config.network === undefined ? {} : { network: config.network }),
    })
    return command
  }
}

/** Puts the miner together for one command and closes it whatever happens. */
export async function withMiner<T>(
  config: Config,
  network: string,
  session: CommandSession,
  use: (miner: Miner) => Promise<T>,
): Promise<T> {
  await using miner = await composeMiner({ config, network, session })
  return await use(miner)
}

/** The same, with the tables made first where the engine is the embedded one; a server's schema is `init`'s business. */
export async function withReadyMiner<T>(
  config: Config,
  network: string,
  session: CommandSession,
  use: (miner: Miner) => Promise<T>,
): Promise<T> {
  return await withMiner(config, network, session, async (miner) => {
    if (miner.isEmbedded) await miner.migrate({ isDryRun: false, signal: session.signal })
    return await use(miner)
  })
}
