import { Command, CommanderError, Option } from 'commander'

import { describeError, type ErrorBody } from '../errors/describe-error.ts'
import { isInputError } from '../errors/input-error.ts'
import { logLevels, setupLogger, type LogLevel } from '../observability/setup-logger.ts'
import { createShutdown, type ProcessLike } from '../tasks/create-shutdown.ts'
import { isInterruptedError } from '../tasks/task-errors.ts'
import type { CommandCall, ProgramCommand } from './define-command.ts'
import { jsonText } from './json-text.ts'
import { createProgressDisplay } from './progress-display.ts'

/** A program as its `main.ts` describes it. */
export interface Program {
  /** The bin's name; also the app in the names of its logs. */
  readonly name: string
  readonly version: string
  readonly description: string
  /** From the app's config: what holds when a flag is not given. */
  readonly defaults: Readonly<{ dataDir: string; logLevel: LogLevel }>
  readonly commands: readonly ProgramCommand[]
}

/** The process around a program; Node's own `process` is one. */
export interface ProgramHost extends ProcessLike {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Seconds that only grow. */
  uptime(): number
}

interface GlobalFlags {
  readonly dataDir: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly logLevel: LogLevel
}

/** Describes a program; nothing is read or started before {@link runProgram}. */
export function createProgram(program: Program): Readonly<Program> {
  return Object.freeze({ ...program })
}

/**
 * Runs one call and resolves with its exit code: 0 done, 1 failed, 2 bad input, 130 or 143 interrupted. Results go to
 * stdout, everything else to stderr; with `--json` stdout carries exactly one JSON document, `{ "error": … }` for a
 * failure. It never exits by itself but on a second signal, so that open writes can end: set `process.exitCode`.
 */
export async function runProgram(
  program: Program,
  argv: readonly string[],
  host: ProgramHost,
): Promise<number> {
  const shutdown = createShutdown({ process: host })
  host.stdout.on('error', ignoreBrokenPipe)
  let outcomeCode = 0
  const root = toCommander(program, host, async (call, flags) => {
    const { output, exitCode } = await runCall(program, call, flags, host, shutdown.signal)
    host.stdout.write(`${output}\n`)
    outcomeCode = exitCode
  })
  try {
    await root.parseAsync([...argv], { from: 'user' })
    return outcomeCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const flags = root.opts<GlobalFlags>()
    // A flag that was refused may stand before --json, so that commander never came to it.
    const json = flags.json === true || argv.includes('--json')
    return reportFailure(program.name, host, error, { json, stack: flags.logLevel === 'debug' })
  } finally {
    shutdown.close()
  }
}

function toCommander(
  program: Program,
  host: ProgramHost,
  onCall: (call: CommandCall, flags: GlobalFlags) => Promise<void>,
): Command {
  const root = new Command(program.name)
    .version(program.version)
    .description(program.description)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: () => undefined,
    })
    .option('--data-dir <folder>', 'where the embedded engines keep their data', program.defaults.dataDir)
    .option('--json', 'print one JSON document on stdout')
    .option('--quiet', 'no progress, and only errors in the log')
    .addOption(
      new Option('--log-level <level>', 'least important log line')
        .choices(logLevels)
        .default(program.defaults.logLevel),
    )
  for (const command of program.commands) {
    command.attach(root, async (call) => {
      await onCall(call, root.opts<GlobalFlags>())
    })
  }
  return root
}

async function runCall(
  program: Program,
  call: CommandCall,
  flags: GlobalFlags,
  host: ProgramHost,
  signal: AbortSignal,
): Promise<{ output: string; exitCode: number }> {
  const { json = false, quiet = false, dataDir } = flags
  const isTerminal = host.stderr.isTTY === true
  const logLevel = quiet ? 'error' : flags.logLevel
  const log = setupLogger({
    app: program.name,
    network: call.network,
    task: call.name,
    level: logLevel,
    isTerminal,
    // A bar may stand in the line; it draws itself anew below.
    destination: { write: (line) => host.stderr.write(isTerminal ? `\r\u001B[K${line}` : line) },
  })
  const display = createProgressDisplay({
    stream: host.stderr,
    isTerminal,
    log,
    monotonicMs: () => host.uptime() * 1_000,
  })
  const progress = quiet ? (): void => undefined : display.listener
  try {
    const outcome = await call.run({ dataDir, json, quiet, isTerminal, logLevel, log, progress, signal })
    return { output: json ? jsonText(outcome.value) : outcome.text, exitCode: outcome.exitCode ?? 0 }
  } finally {
    display.stop()
  }
}

function reportFailure(
  name: string,
  host: ProgramHost,
  error: unknown,
  show: Readonly<{ json: boolean; stack: boolean }>,
): number {
  const body = toBody(error)
  if (show.json) host.stdout.write(`${jsonText({ error: body })}\n`)
  if (error instanceof CommanderError) {
    if (error.code !== 'commander.help') {
      host.stderr.write(`${error.message}\nSee ${name} --help\n`)
    }
    return 2
  }
  const stack = show.stack && error instanceof Error ? `${error.stack ?? ''}\n` : ''
  host.stderr.write(`error: ${body.message}\n${stack}`)
  if (isInterruptedError(error)) return error.exitCode
  return isInputError(error) ? 2 : 1
}

function toBody(error: unknown): ErrorBody {
  if (!(error instanceof CommanderError)) return describeError(error)
  return { code: 'invalid_input', message: error.message.replace(/^error: /, '') }
}

function ignoreBrokenPipe(error: Error): void {
  // `… | head` closes the pipe when it has seen enough: that is no failure.
  if (!('code' in error && error.code === 'EPIPE')) throw error
}
