import { InputError, logLevels, type LogLevel, readEnvironment } from '@subnetkit/core'
import { resolveDataFolder } from '@subnetkit/core/local-service'
import { z } from 'zod'

import type { ContestSettings } from './contest-settings.ts'
import type { SandboxLimits } from './ports/sandbox.ts'

/** What the environment says; flags go before it. */
export interface Config {
  readonly dataDir: string
  readonly logLevel: LogLevel
  /** Variables that name the store. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where locks and jobs are shared by many machines; null for those of the data folder and this process. */
  readonly redisUrl: string | null
  /** Said by the operator: no other machine writes to the store, so that locks of this one are enough. */
  readonly isSingleWriter: boolean
  /** The container engine's socket or address; null for the usual ones. */
  readonly dockerHost: string | null
  readonly limits: SandboxLimits
  readonly isGpuWanted: boolean
  readonly runAttempts: number
  /** Runs at once in one process. More than one makes each slower, and time is part of the score. */
  readonly concurrency: number
  /** Epochs outside of tournaments; the seed is null where none is set. */
  readonly standalone: Omit<ContestSettings, 'datasetSeed'> & { readonly datasetSeed: string | null }
  /** Reads submissions' code beside the rules; null without a key. */
  readonly reviewer: Readonly<{ apiKey: string; model: string }> | null
  /** Miners register with it; null closes registration over HTTP. There is no default key. */
  readonly registrationApiKey: string | null
}

const MIB = 1024 * 1024
const MAX_SECONDS = 86_400

/** `512m`, `2g` or plain bytes. */
function bytes(fallback: string): z.ZodType<number> {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const [, digits = '', unit = ''] = /^(\d{1,15})([kmg]?)$/i.exec(text) ?? []
      const factor = { '': 1, k: 1024, m: MIB, g: 1024 * MIB }[unit.toLowerCase()] ?? 1
      const size = Number(digits) * factor
      if (digits !== '' && size > 0 && Number.isSafeInteger(size)) return size
      context.addIssue('must be a size such as 512m or 2g')
      return z.NEVER
    })
}

const flag = z.enum(['0', '1']).default('0')

const environmentSchema = z.object({
  LOG_LEVEL: z.enum(logLevels).default('info'),
  REDIS_URL: z.string().max(2_000).optional(),
  DOCKER_HOST: z.string().max(2_000).optional(),
  BENCHMARK_SINGLE_WRITER: flag,
  BENCHMARK_MEMORY_LIMIT: bytes('2g'),
  BENCHMARK_CPUS: z.coerce.number().min(0.1).max(1_024).default(2),
  BENCHMARK_PIDS: z.coerce.number().int().min(8).max(1_000_000).default(256),
  BENCHMARK_FILE_LIMIT: bytes('1g'),
  BENCHMARK_OUTPUT_LIMIT: bytes('256m'),
  BENCHMARK_TMP_LIMIT: bytes('512m'),
  BENCHMARK_LOG_LIMIT: bytes('64k'),
  BENCHMARK_MAX_EXECUTION_TIME: z.coerce.number().min(0.1).max(MAX_SECONDS).default(3_600),
  BENCHMARK_GPU: flag,
  BENCHMARK_RUN_ATTEMPTS: z.coerce.number().int().min(1).max(5).default(1),
  BENCHMARK_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(1),
  BENCHMARK_DATASET_SEED: z.string().min(16).max(200).optional(),
  BENCHMARK_DATASET_TRANSFERS: z.coerce.number().int().min(1_000).max(10_000_000).default(100_000),
  BENCHMARK_RULE_SET: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a rule set')
    .default('epoch'),
  OPENROUTER_API_KEY: z.string().max(1_000).optional(),
  LLM_MODEL: z.string().min(1).max(200).default('anthropic/claude-3-haiku'),
  REGISTRATION_API_KEY: z.string().max(1_000).optional(),
})

/** A shorter key can be guessed. */
const LEAST_KEY_LENGTH = 16

/**
 * Reads the environment once.
 *
 * @throws InputError naming the variable whose value does not fit.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  cwd: string = process.cwd(),
): Config {
  const values = readEnvironment(environmentSchema, environment)
  const timeLimitMs = Math.round(values.BENCHMARK_MAX_EXECUTION_TIME * 1_000)
  return {
    dataDir: resolveDataFolder({ env: environment, cwd }),
    logLevel: values.LOG_LEVEL,
    environment,
    redisUrl: values.REDIS_URL ?? null,
    isSingleWriter: values.BENCHMARK_SINGLE_WRITER === '1',
    dockerHost: values.DOCKER_HOST ?? null,
    limits: {
      memoryBytes: values.BENCHMARK_MEMORY_LIMIT,
      cpus: values.BENCHMARK_CPUS,
      pids: values.BENCHMARK_PIDS,
      fileBytes: values.BENCHMARK_FILE_LIMIT,
      outputBytes: values.BENCHMARK_OUTPUT_LIMIT,
      tmpBytes: values.BENCHMARK_TMP_LIMIT,
      logBytes: values.BENCHMARK_LOG_LIMIT,
      timeLimitMs,
    },
    isGpuWanted: values.BENCHMARK_GPU === '1',
    runAttempts: values.BENCHMARK_RUN_ATTEMPTS,
    concurrency: values.BENCHMARK_CONCURRENCY,
    standalone: {
      datasetSeed: values.BENCHMARK_DATASET_SEED ?? null,
      datasetTransfers: values.BENCHMARK_DATASET_TRANSFERS,
      ruleSet: values.BENCHMARK_RULE_SET,
      timeLimitMs,
    },
    reviewer:
      values.OPENROUTER_API_KEY === undefined
        ? null
        : { apiKey: values.OPENROUTER_API_KEY, model: values.LLM_MODEL },
    registrationApiKey: checkKey(values.REGISTRATION_API_KEY),
  }
}

function checkKey(key: string | undefined): string | null {
  if (key === undefined) return null
  if (key.length >= LEAST_KEY_LENGTH) return key
  // The value is not shown: it is a secret, however short.
  throw new InputError({
    field: 'REGISTRATION_API_KEY',
    problem: `has fewer than ${LEAST_KEY_LENGTH} characters`,
    hint: 'set a long random text, for example the output of: openssl rand -hex 32',
  })
}
