import { isStorageError, StorageError } from '@subnetkit/core'
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
  try {
    return await use(validator)
  } catch (error) {
    throw isStorageError(error, 'missing_schema') ? withWayOut(error, validator) : error
  }
}

/** A table that is missing is nearly always another prefix than was meant, or tables that nobody made yet. */
function withWayOut(error: StorageError, { store }: Validator): StorageError {
  return new StorageError({
    code: error.code,
    message: `${error.message}; looked for in ${store}: correct DYNAMODB_TABLE_PREFIX, or make them with validator db init`,
    cause: error,
    details: error.details,
  })
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
