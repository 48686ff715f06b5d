import type { CommandSession } from '@subnetkit/core/cli'

import { composeValidator, type Validator } from '../compose.ts'
import type { Config } from '../config.ts'

/** Puts the validator together for one command and closes it whatever happens. */
export async function withValidator<T>(
  config: Config,
  session: CommandSession,
  use: (validator: Validator) => Promise<T>,
): Promise<T> {
  await using validator = await composeValidator({ config, session })
  return await use(validator)
}

/** The same, with the tables made first where the engine is the embedded one; a server's tables are `init`'s business. */
export async function withReadyValidator<T>(
  config: Config,
  session: CommandSession,
  use: (validator: Validator) => Promise<T>,
): Promise<T> {
  return await withValidator(config, session, async (validator) => {
    if (validator.isEmbedded) await validator.init({ pointInTimeRecovery: false })
    return await use(validator)
  })
}
