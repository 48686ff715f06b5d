import type { Command } from 'commander'
import { z } from 'zod'

import { toColumn } from '../rows/column-name.ts'
import { parseInput } from '../errors/parse-input.ts'
import { networkSchema, utcDateSchema, windowDaysSchema } from '../models/scalars.ts'
import type { LogLevel, setupLogger } from '../observability/setup-logger.ts'
import type { ProgressListener } from '../tasks/progress.ts'
import { numberFromText } from './number-from-text.ts'

/** What a command works with besides its own options. */
export interface CommandSession {
  readonly dataDir: string
  readonly json: boolean
  readonly quiet: boolean
  /** True when a person reads stderr. */
  readonly isTerminal: boolean
  readonly logLevel: LogLevel
  readonly log: ReturnType<typeof setupLogger>
  /** Shows progress: a bar on a terminal, a log line every few seconds in a pipe. */
  readonly progress: ProgressListener
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

/** What a command answers: `value` is the one JSON document of `--json`, `text` is what a person reads instead. */
export interface CommandOutcome {
  readonly value: unknown
  readonly text: string
  /** 1 when the command went through but what it reports is a failure, such as rows that could not be imported. @default 0 */
  readonly exitCode?: 0 | 1
}

/** One command. Flags are declared with commander and checked by `options`; arguments join them under their names. */
export interface CommandSpec<Options> {
  readonly name: string
  readonly description: string
  readonly options: z.ZodType<Options>
  readonly flags?: (command: Command) => void
  readonly run: (options: Options, session: CommandSession) => Promise<CommandOutcome>
}

/** The parsed call of one command, ready to run. */
export interface CommandCall {
  readonly name: string
  readonly network: string | null
  readonly run: (session: CommandSession) => Promise<CommandOutcome>
}

/** A command that {@link createProgram} can hold. */
export interface ProgramCommand {
  attach(parent: Command, onCall: (call: CommandCall) => Promise<void>): void
}

/** Declares a command; the type of its options follows from the schema. */
export function defineCommand<Options>(spec: CommandSpec<Options>): ProgramCommand {
  return {
    attach(parent, onCall) {
      const command = parent.command(spec.name).description(spec.description)
      spec.flags?.(command)
      command.action(async () => {
        const options = parseFlags(spec.options, command)
        const { network } = command.opts<Record<string, unknown>>()
        await onCall({
          name: spec.name,
          network: typeof network === 'string' ? network : null,
          run: async (session) => await spec.run(options, session),
        })
      })
    },
  }
}

function parseFlags<Options>(schema: z.ZodType<Options>, command: Command): Options {
  const given: Record<string, unknown> = { ...command.opts<Record<string, unknown>>() }
  const names = new Map<string, string>()
  for (const [index, argument] of command.registeredArguments.entries()) {
    names.set(argument.name(), `<${argument.name()}>`)
    given[argument.name()] = command.processedArgs[index]
  }
  const fieldName = (path: readonly PropertyKey[]): string => {
    const [first] = path
    return typeof first === 'string' ? (names.get(first) ?? toFlag(first)) : command.name()
  }
  return parseInput(schema, given, { subject: command.name(), fieldName })
}

function toFlag(option: string): string {
  return `--${toColumn(option).replaceAll('_', '-')}`
}

/** The schema of {@link dayFlags}; extend it with a command's own options. */
export const dayFlagsSchema = z.strictObject({
  network: networkSchema,
  date: utcDateSchema,
  windowDays: numberFromText(windowDaysSchema),
})

/** Adds `--network`, `--date` and `--window-days`; a flag without a default must be given. */
export function dayFlags(
  command: Command,
  defaults: Readonly<{ network?: string; date?: string; windowDays?: number }> = {},
): void {
  command
    .option('--network <name>', 'network, for example torus', defaults.network)
    .option('--date <YYYY-MM-DD>', 'processing date in UTC; the window ends before it', defaults.date)
    .option(
      '--window-days <days>',
      'length of the window in days, 1 to 3650',
      defaults.windowDays?.toString(),
    )
}
