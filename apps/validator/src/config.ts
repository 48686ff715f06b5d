import { join } from 'node:path'

import { logLevels, type LogLevel, readEnvironment } from '@subnetkit/core'
import { resolveDataFolder } from '@subnetkit/core/local-service'
import { z } from 'zod'

import { publicKeyOf } from '@subnetkit/core/ss58'

/** What the environment says; flags go before it. */
export interface Config {
  readonly dataDir: string
  readonly logLevel: LogLevel
  /** Who changes configuration when `--by` is not given: the name of the login. */
  readonly userName: string
  /** Whose samples and scores these are, and the audience of signed requests; nobody's account while it is not set. */
  readonly validatorHotkey: string
  /** Goes into every task, so that nobody who lacks it can make tasks and their solutions; the same for all validators. */
  readonly taskSecret: string
  readonly chain: ChainConfig
  /** Variables that name the operational store. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Which chain weights go to, and where the key is that signs them. */
export interface ChainConfig {
  /** A node's `ws(s)://…`; null for the local chain of the data folder. */
  readonly url: string | null
  /** The folder of all wallets, and which one and which of its hotkeys. */
  readonly walletFolder: string
  readonly wallet: string
  readonly hotkey: string
  /** Instead of a wallet: 64 hex digits or a mnemonic. Never logged. */
  readonly seed: string | null
}

/** The account of the public key of 32 zero bytes: its owner does not exist, so that nothing is signed for it. */
const NOBODY = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM'

const environmentSchema = z.object({
  LOG_LEVEL: z.enum(logLevels).default('info'),
  USER: z.string().max(128).optional(),
  LOGNAME: z.string().max(128).optional(),
  VALIDATOR_HOTKEY: z
    .string()
    .refine((hotkey) => publicKeyOf(hotkey) !== null, 'must be an SS58 address of format 42')
    .default(NOBODY),
  VALIDATOR_TASK_SECRET: z.string().max(1_000).default(''),
  VALIDATOR_HOTKEY_SEED: z.string().max(1_000).optional(),
  SUBTENSOR_URL: z.string().max(2_000).optional(),
  BT_WALLET_PATH: z.string().max(4_000).optional(),
  BT_WALLET_NAME: z.string().max(128).default('default'),
  BT_WALLET_HOTKEY: z.string().max(128).default('default'),
  HOME: z.string().max(4_000).default('/'),
})

/**
 * Reads the environment once.
 *
 * @throws InputError naming the variable whose value does not fit.
 */
export function readConfig(
  environment: Record<string, string | undefined> = process.env,
  cwd: string = process.cwd(),
): Config {
  // The AWS SDK warns on every start that it will stop supporting Node 20; operators of a command cannot act on it.
  environment['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const values = readEnvironment(environmentSchema, environment)
  return {
    dataDir: resolveDataFolder({ env: environment, cwd }),
    logLevel: values.LOG_LEVEL,
    validatorHotkey: values.VALIDATOR_HOTKEY,
    taskSecret: values.VALIDATOR_TASK_SECRET,
    userName: values.USER ?? values.LOGNAME ?? 'unknown',
    chain: {
      url: values.SUBTENSOR_URL ?? null,
      walletFolder: values.BT_WALLET_PATH ?? join(values.HOME, '.bittensor', 'wallets'),
      wallet: values.BT_WALLET_NAME,
      hotkey: values.BT_WALLET_HOTKEY,
      seed: values.VALIDATOR_HOTKEY_SEED ?? null,
    },
    environment,
  }
}
