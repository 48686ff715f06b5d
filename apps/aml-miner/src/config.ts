import { join } from 'node:path'

import {
  type DayKey,
  logLevels,
  type LogLevel,
  networkSchema,
  parseInput,
  utcDateSchema,
  windowDaysSchema,
  readEnvironment,
} from '@subnetkit/core'
import { resolveDataFolder } from '@subnetkit/core/local-service'
import { z } from 'zod'

import type { S3Options } from './adapters/s3-snapshot-source.ts'

/** What the environment says; flags go before it. */
export interface Config {
  readonly dataDir: string
  readonly logLevel: LogLevel
  /** Variables that name the analytical store; read per network when it is known. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `NETWORK`, when it is set. */
  readonly network: string | undefined
  readonly s3: S3Options
  readonly api: Readonly<{ host: string; port: number }>
  /** Where the miner's code is published, and at which commit; shown by the API. */
  readonly githubUrl: string
  readonly commitHash: string
}

const environmentSchema = z.object({
  LOG_LEVEL: z.enum(logLevels).default('info'),
  NETWORK: z.string().optional(),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(8000),
  RISK_SCORING_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  RISK_SCORING_S3_REGION: z.string().min(1).default('nl-ams'),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  GITHUB_URL: z.string().default(''),
  COMMIT_HASH: z.string().default(''),
})

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
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = values
  const { RISK_SCORING_S3_ENDPOINT: endpoint, RISK_SCORING_S3_REGION: region } = values
  return {
    dataDir: resolveDataFolder({ env: environment, cwd }),
    logLevel: values.LOG_LEVEL,
    environment,
    network: values.NETWORK,
    s3: {
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }),
    },
    api: { host: values.API_HOST, port: values.API_PORT },
    githubUrl: values.GITHUB_URL,
    commitHash: values.COMMIT_HASH,
  }
}

/** What the benchmark tells a submission. */
export interface SubmissionConfig {
  readonly key: DayKey
  readonly inputFolder: string
  readonly outputFolder: string
  /** For the engine's data; gone when the run is. */
  readonly workFolder: string
}

const submissionEnvironmentSchema = z.object({
  NETWORK: networkSchema,
  PROCESSING_DATE: utcDateSchema,
  WINDOW_DAYS: z.coerce.number().pipe(windowDaysSchema),
  INPUT_FOLDER: z.string().min(1).default('/data/input'),
  OUTPUT_FOLDER: z.string().min(1).default('/data/output'),
  TMPDIR: z.string().min(1).default('/tmp'),
})

/**
 * Reads the environment of a run in the benchmark.
 *
 * @throws InputError naming the variable that is missing or does not fit.
 */
export function readSubmissionConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SubmissionConfig {
  const values = parseInput(submissionEnvironmentSchema, environment, {
    subject: 'environment',
    fieldName: (path) => String(path[0]),
  })
  return {
    key: {
      network: values.NETWORK,
      processingDate: values.PROCESSING_DATE,
      windowDays: values.WINDOW_DAYS,
    },
    inputFolder: values.INPUT_FOLDER,
    outputFolder: values.OUTPUT_FOLDER,
    workFolder: join(values.TMPDIR, 'aml-miner-clickhouse'),
  }
}
