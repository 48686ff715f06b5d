import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

import { blockNumberSchema, environmentNameSchema, InputError } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

import type { RowFailure } from '../compose.ts'
import type { Config } from '../config.ts'
import { isComplete, migrationSummary } from '../migration/migration-summary.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Credentials: R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY; --anonymous for a public bucket.

Examples:
  $ validator migrate --bucket affine --endpoint https://<account>.r2.cloudflarestorage.com --dry-run
  $ validator migrate --bucket affine --endpoint https://<account>.r2.cloudflarestorage.com --tail 100000 --failures failed.jsonl
  $ validator migrate --bucket affine --environment affine:sat --rename affine:sat=sat --verify-signatures

An interrupted import goes on where it was: run the same command again. See MIGRATION.md for the whole way over.
`

/** Failures that are shown as they happen; the rest is counted, and listed in the file of `--failures`. */
const SHOWN_FAILURES = 10

const count = (schema: z.ZodType<number>) => numberFromText(schema).optional()

const renameSchema = z
  .string()
  .regex(/^[^=]+=[^=]+$/, 'must be old=new, such as affine:sat=sat')
  .transform((text): [string, string] => {
    const [from = '', to = ''] = text.split('=')
    return [from, to]
  })
  .pipe(z.tuple([environmentNameSchema, environmentNameSchema]))

/** `validator migrate`: the results that an earlier system kept as JSON shards in a bucket, as samples of generation 0. */
export function migrateCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'migrate',
    description: 'import the sample shards of an earlier system from an S3-compatible bucket, newest first',
    options: z.strictObject({
      bucket: z.string().min(1),
      prefix: z.string(),
      endpoint: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
      region: z.string().min(1),
      anonymous: z.boolean().default(false),
      tail: count(z.int().min(1)),
      currentBlock: count(blockNumberSchema),
      maxResults: count(z.int().min(0)),
      environment: z.array(environmentNameSchema).default([]),
      rename: z.array(renameSchema).default([]),
      verifySignatures: z.boolean().default(false),
      skipWithoutTask: z.boolean().default(false),
      maxRowMib: numberFromText(z.int().min(1).max(1_024)),
      dryRun: z.boolean().default(false),
      failures: z.string().min(1).optional(),
    }),
    flags: migrateFlags,
    run: async (options, session) => {
      const credentials = options.anonymous ? null : readCredentials(config)
      return await withReadyValidator(config, session, async (validator) => {
        const startedMs = validator.now().getTime()
        const failures = createFailureList(options.failures ?? null, (text) => session.log.warn(text))
        const { bucket, prefix, endpoint, region } = options
        const report = await validator.migrate({
          source: { bucket, prefix, region, endpoint: endpoint ?? null, credentials },
          tailBlocks: options.tail ?? null,
          currentBlock: options.currentBlock ?? null,
          maxResults: options.maxResults ?? null,
          environments: options.environment.length === 0 ? null : new Set(options.environment),
          renamed: new Map(options.rename),
          verifySignatures: options.verifySignatures,
          skipWithoutTask: options.skipWithoutTask,
          maxRowBytes: options.maxRowMib * 1024 * 1024,
          isDryRun: options.dryRun,
          onProgress: ({ bytesDone, bytesWanted, rows }) =>
            session.progress({
              stage: `importing, ${rows} rows`,
              done: bytesDone,
              total: bytesWanted,
              unit: 'bytes',
            }),
          onFailure: failures.add,
        })
        await failures.close()
        const seconds = (validator.now().getTime() - startedMs) / 1_000
        const about = { isDryRun: options.dryRun, seconds, failuresFile: options.failures ?? null }
        return {
          value: { ...report, isDryRun: options.dryRun, failures: failures.first },
          text: migrationSummary(report, about),
          exitCode: isComplete(report) ? 0 : 1,
        }
      })
    },
  })
}

function migrateFlags(command: Command): void {
  command
    .requiredOption('--bucket <name>', 'where the shards are')
    .option(
      '--prefix <text>',
      'shards are <prefix><window, 9 digits>-<validator hotkey>.json',
      'affine/results/',
    )
    .option('--endpoint <url>', 'of an S3-compatible store; AWS itself without it')
    .option('--region <name>', 'region of the bucket; R2 wants auto', 'auto')
    .option('--anonymous', 'read without credentials')
    .option('--tail <blocks>', 'only windows that begin within so many blocks before the current one')
    .option('--current-block <block>', 'counted from; the newest shard without it')
    .option('--max-results <n>', 'stop after exactly so many samples stored')
    .option('--environment <name...>', 'only these environments')
    .option('--rename <old=new...>', 'give environments the names that they have here')
    .option('--verify-signatures', 'refuse rows that their validator did not sign')
    .option('--skip-without-task', 'leave out rows that name no task, instead of counting them as failed')
    .option('--max-row-mib <n>', 'longest row that is read, in MiB', '64')
    .option('--dry-run', 'read and judge everything, store nothing')
    .option('--failures <file>', 'write what failed there, one JSON object per line')
    .addHelpText('after', examples)
}

function readCredentials(config: Config): { accessKeyId: string; secretAccessKey: string } {
  const { R2_ACCESS_KEY_ID: accessKeyId, R2_SECRET_ACCESS_KEY: secretAccessKey } = config.environment
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey }
  throw new InputError({
    field: accessKeyId ? 'R2_SECRET_ACCESS_KEY' : 'R2_ACCESS_KEY_ID',
    problem: 'is not set',
    hint: 'set both variables, or give --anonymous for a public bucket',
  })
}

interface FailureList {
  readonly first: readonly RowFailure[]
  readonly add: (failure: RowFailure) => void
  close(): Promise<void>
}

function createFailureList(file: string | null, warn: (text: string) => void): FailureList {
  const first: RowFailure[] = []
  const stream = file === null ? null : createWriteStream(file, { mode: 0o600 })
  const problem = stream === null ? null : finished(stream)
  problem?.catch(() => undefined)
  return {
    first,
    add: (failure) => {
      stream?.write(`${JSON.stringify(failure)}\n`)
      if (first.length >= SHOWN_FAILURES) return
      first.push(failure)
      const place = failure.row === null ? '' : `, row ${failure.row}`
      warn(`${failure.shard}${place}: ${failure.reason}`)
    },
    close: async () => {
      stream?.end()
      await problem
    },
  }
}
