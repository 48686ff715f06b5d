import {
  hotkeySchema,
  InputError,
  StorageError,
  wideRow,
  type CallOptions,
  type MinerPerformance,
  type MinerPerformanceRepository,
  type PerformanceScope,
} from '@subnetkit/core'
import { type CommandOutcome, defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { periodOf } from '../performance/period-of.ts'
import { statsHistory, statsStory } from '../performance/stats-story.ts'
import { periodText, statsTable } from '../performance/stats-table.ts'
import { textTable } from '../text-table.ts'
import { dayFlagSchema, periodFlagSchema, subnetFlag, subnetFlagShape } from './stats-flags.ts'
import { topFlag, topFlagSchema } from './top-flag.ts'
import { withValidator } from './with-validator.ts'

const UID = /^\d{1,5}$/

const examples = `
Statistics are computed while weights are made, or by validator stats compute. Months and all time are sums of what was
counted day by day; a day on which nothing was counted within a week is in no sum.

Examples:
  $ validator stats show
  $ validator stats show --period weekly --at 2025-07-23 --top 5
  $ validator stats show 12
  $ validator stats show 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --history --period daily
  $ validator stats show 12 --wide --json
`

const optionsSchema = z.strictObject({
  ...subnetFlagShape,
  miner: hotkeySchema.optional(),
  period: periodFlagSchema,
  at: dayFlagSchema.optional(),
  top: topFlagSchema,
  history: z.boolean().default(false),
  wide: z.boolean().default(false),
})
type Options = z.output<typeof optionsSchema>

/** `validator stats show [MINER]`: a period's miners by rank, or one of them; no statistics is a failure, exit code 1. */
export function statsShowCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'show',
    description: 'show how miners did in a period, or how one of them did',
    options: optionsSchema,
    flags: (command) => {
      topFlag(subnetFlag(command.argument('[miner]', 'a hotkey or a uid; without one all miners by rank')))
        .option('--period <type>', 'daily, weekly, monthly or all_time', 'daily')
        .option('--at <date>', 'a day (UTC) of the period, as 2025-07-23; without it today')
        .option('--history', "the miner's periods of this type, newest first, at most --top of them")
        .option('--wide', 'one column set per task, as the former table had it')
        .addHelpText('after', examples)
    },
    run: async (options, session) =>
      await withValidator(config, session, async (validator) => {
        const call = { signal: session.signal }
        await using record = await validator.openRecord(call)
        const { minerPerformances } = record.repositories
        const { netuid, period, at = validator.now(), miner } = options
        const { validatorHotkey } = config
        const scope = { netuid, validatorHotkey, period: periodOf(period, at) }
        if (miner !== undefined) return await showMiner(minerPerformances, scope, { ...options, miner }, call)
        if (options.history) throw noMiner('--history')
        const page = await minerPerformances.list({ ...scope, limit: Math.min(options.top, 10_000) }, call)
        if (page.items.length === 0) throw noStatistics(scope, record.description)
        if (options.wide) return wide(page.items)
        const more = page.nextCursor === null ? '' : '\nThere are more: repeat with a larger --top.'
        return {
          value: { period: scope.period, items: page.items },
          text: `${statsTable(scope.period, page.items)}${more}`,
        }
      }),
  })
}

async function showMiner(
  minerPerformances: MinerPerformanceRepository,
  scope: PerformanceScope,
  { miner, top, history, wide: isWide }: Options & { readonly miner: string },
  options: CallOptions,
): Promise<CommandOutcome> {
  const hotkey = UID.test(miner) ? await hotkeyAt(minerPerformances, scope, Number(miner), options) : miner
  const past = { ...scope, minerHotkey: hotkey, periodType: scope.period.type, limit: history ? top : 1_000 }
  const { items } = await minerPerformances.listHistory(past, options)
  if (history && items.length > 0) {
    return isWide ? wide(items) : { value: { items }, text: statsHistory(items) }
  }
  const rows = items.filter(({ periodStart }) => periodStart.getTime() === scope.period.start.getTime())
  const row = rows.find(({ minerUid }) => String(minerUid) === miner) ?? rows.find(isThere) ?? rows[0]
  if (row === undefined) throw unknownMiner(miner, scope)
  return isWide ? wide([row]) : { value: row, text: statsStory(row) }
}

function isThere({ buriedAt }: MinerPerformance): boolean {
  return buriedAt === null
}

async function hotkeyAt(
  minerPerformances: MinerPerformanceRepository,
  scope: PerformanceScope,
  uid: number,
  options: CallOptions,
): Promise<string> {
  const miners = await minerPerformances.listMiners(scope, options)
  const found = miners.find(({ minerUid }) => minerUid === uid)
  if (found === undefined) throw unknownMiner(String(uid), scope)
  return found.minerHotkey
}

function wide(miners: readonly MinerPerformance[]): CommandOutcome {
  const rows = miners.map((miner) => wideRow(miner))
  const text = rows.map((row) =>
    textTable(
      ['column', 'value'],
      Object.entries(row).map(([name, value]) => [name, cell(value)]),
    ),
  )
  return { value: { items: rows }, text: text.join('\n') }
}

function cell(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function unknownMiner(miner: string, { period }: PerformanceScope): InputError {
  return new InputError({
    field: '<miner>',
    value: miner,
    problem: `has no statistics: ${periodText(period)}`,
    hint: 'see who has: validator stats show without a miner, or another --at and --period',
  })
}

function noMiner(flag: string): InputError {
  return new InputError({ field: flag, problem: 'is of one miner', hint: 'name its hotkey or uid' })
}

function noStatistics({ period }: PerformanceScope, store: string): StorageError {
  return new StorageError({
    code: 'not_found',
    message: `there are no statistics in ${store}: ${periodText(period)}; validator stats compute makes them`,
  })
}
