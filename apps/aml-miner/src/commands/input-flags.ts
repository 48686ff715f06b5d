import { type AmlIngestContext, InputError, utcDateSchema } from '@subnetkit/core'
import { dayFlagsSchema } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

/** Where the inputs of a day come from, as flags. */
export const inputFlagsSchema = dayFlagsSchema.extend({
  snapshot: z.string().min(1).optional(),
  transfers: z.string().min(1).optional(),
  labels: z.string().min(1).optional(),
  preset: z.enum(['amlsim']).optional(),
  columns: z.string().optional(),
  timestampUnit: z.enum(['ms', 's', 'iso', 'day']).optional(),
  dayZero: utcDateSchema.optional(),
  amounts: z.enum(['keep', 'drop']).optional(),
  force: z.boolean().default(false),
})
type InputFlags = z.output<typeof inputFlagsSchema>

/** Declares the flags of {@link inputFlagsSchema}. */
export function inputFlags(command: Command): Command {
  return command
    .option('--snapshot <folder|s3 URL>', 'a published snapshot: META.json, alerts, features, clusters …')
    .option('--transfers <file>', 'raw transfers instead: .parquet, .csv, .jsonl, text ones also .gz')
    .option('--labels <file>', 'address labels in a file of their own')
    .option('--preset <name>', 'how to read --transfers: amlsim')
    .option('--columns <map>', 'columns of --transfers: from_address=sender,amount_usd=value,…')
    .option('--timestamp-unit <unit>', 'times of --transfers: ms, s, iso, or day for steps (default ms)')
    .option('--day-zero <YYYY-MM-DD>', 'the day of step 0 (default: the first day of the window)')
    .option('--amounts <keep|drop>', 'drop counts every transfer as 1 (default keep)')
    .option('--force', 'do the work again although the same content is there')
}

type TransferFile = NonNullable<AmlIngestContext['transferFile']>

const presets: Readonly<Record<'amlsim', Pick<TransferFile, 'columnMap' | 'timestampUnit'>>> = {
  amlsim: {
    columnMap: {
      fromAddress: 'sourceNodeId',
      toAddress: 'targetNodeId',
      amount: 'value',
      amountUsd: 'value',
      blockTimestamp: 'time',
    },
    timestampUnit: 'day',
  },
}

/** The fields of a transfer that a file can fill, in the words of flags. */
const transferColumns: Readonly<Record<string, string>> = {
  from_address: 'fromAddress',
  to_address: 'toAddress',
  amount_usd: 'amountUsd',
  amount: 'amount',
  asset_symbol: 'assetSymbol',
  block_timestamp: 'blockTimestamp',
  tx_id: 'txId',
  event_index: 'eventIndex',
  edge_index: 'edgeIndex',
}

/**
 * The context of ingesting from flags.
 *
 * @throws InputError when there is not exactly one source, or a flag does not go with it.
 */
export function ingestContextOf(flags: InputFlags): AmlIngestContext {
  const { snapshot, transfers } = flags
  if ((snapshot === undefined) === (transfers === undefined)) {
    throw new InputError({
      field: '--snapshot',
      problem:
        snapshot === undefined ? 'and --transfers are both missing' : 'is given together with --transfers',
      hint: 'give exactly one: --snapshot FOLDER for a published snapshot, --transfers FILE for raw transfers',
    })
  }
  requireTransfersFor(flags)
  return {
    network: flags.network,
    processingDate: flags.date,
    windowDays: flags.windowDays,
    source: snapshot ?? transfers ?? '',
    transferFile: transfers === undefined ? null : transferFileOf(flags),
    labelsSource: flags.labels ?? null,
    isForced: flags.force,
  }
}

function requireTransfersFor({
  amounts,
  columns,
  dayZero,
  preset,
  timestampUnit,
  transfers,
}: InputFlags): void {
  if (transfers !== undefined) return
  const given = Object.entries({
    '--preset': preset,
    '--columns': columns,
    '--timestamp-unit': timestampUnit,
    '--day-zero': dayZero,
    '--amounts': amounts,
  }).find(([, value]) => value !== undefined)
  if (given === undefined) return
  throw new InputError({
    field: given[0],
    value: given[1],
    problem: 'says how to read --transfers, which is not given',
    hint: 'leave it out, or give --transfers FILE',
  })
}

function transferFileOf(flags: InputFlags): TransferFile {
  const preset = flags.preset === undefined ? null : presets[flags.preset]
  return {
    columnMap: { ...preset?.columnMap, ...parseColumnMap(flags.columns ?? '') },
    timestampUnit: flags.timestampUnit ?? preset?.timestampUnit ?? 'ms',
    dayZero: flags.dayZero ?? null,
    amounts: flags.amounts ?? 'keep',
  }
}

function parseColumnMap(text: string): Record<string, string> {
  const map: Record<string, string> = {}
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', source = ''] = pair.split('=').map((part) => part.trim())
    const field = Object.hasOwn(transferColumns, name) ? transferColumns[name] : undefined
    if (field === undefined || source === '') {
      throw new InputError({
        field: '--columns',
        value: pair,
        problem: 'is not FIELD=COLUMN of a transfer',
        hint: `fields are ${Object.keys(transferColumns).join(', ')}`,
      })
    }
    map[field] = source
  }
  return map
}
