import { netuidSchema } from '@subnetkit/core'
import { type CommandSession, numberFromText } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

import { composeChain, type ComposedChain } from '../compose-chain.ts'
import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { withReadyValidator } from './with-validator.ts'

/** What every command about the chain takes. */
export const chainFlagsShape = {
  netuid: numberFromText(netuidSchema),
  blockMs: numberFromText(z.int().min(10).max(600_000)),
}

/** Adds `--netuid` and `--block-ms`. */
export function chainFlags(command: Command): Command {
  return command
    .option('--netuid <n>', 'the subnet', '1')
    .option('--block-ms <n>', 'length of a block, for a local chain that is begun now', '12000')
}

/** Opens stores and chain for one command, and closes them whatever happens. */
export async function withChain<T>(
  config: Config,
  session: CommandSession,
  flags: Readonly<{ netuid: number; blockMs: number }>,
  willSign: boolean,
  use: (parts: Readonly<{ validator: Validator; composed: ComposedChain }>) => Promise<T>,
): Promise<T> {
  return await withReadyValidator(config, session, async (validator) => {
    const { repositories, clock } = validator
    const { dataDir, log, signal } = session
    const { validatorHotkey } = config
    await using composed = await composeChain(
      { ...flags, config: config.chain, willSign, dataDir, validatorHotkey, repositories, clock, log },
      { signal },
    )
    return await use({ validator, composed })
  })
}
