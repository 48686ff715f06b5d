import { pino, type Logger as PinoLogger } from 'pino'
import pretty from 'pino-pretty'

import { currentCorrelationId } from './correlation-id.ts'
import { redact, redactJsonLine } from './redact.ts'

/** Least important level that is written. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number]

/** Where lines go: stderr at an entry point, so that stdout stays free for results. */
export interface LogDestination {
  write(line: string): unknown
}

/** What {@link setupLogger} needs. */
export interface SetupLoggerOptions {
  /** `aml-miner`, `validator`, `benchmark`. */
  readonly app: string
  /** The network, or null for work that is about none. */
  readonly network: string | null
  /** The task or command. */
  readonly task: string
  /** @default 'info' */
  readonly level?: LogLevel
  readonly destination: LogDestination
  /** True writes for a person, false writes one JSON object per line. */
  readonly isTerminal: boolean
}

/**
 * Makes a process's logger; its service name is `{app}-{network}-{task}`. Call it at an entry point only and hand the
 * result on. Lines are written at once and in this process, so that none is lost at exit. Secrets are replaced by name
 * (`password`, `secret`, `token` …) and inside URLs; the correlation id of the running work is added by itself.
 */
export function setupLogger(options: SetupLoggerOptions): PinoLogger {
  const level = options.level ?? 'info'
  // A person gets the message; the stack is for those who asked for it, and for whoever reads JSON lines.
  const describe = options.isTerminal && level !== 'debug' ? describeShortly : describeFailure
  const service = [options.app, options.network, options.task].filter((part) => part !== null).join('-')
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: redactLine,
      },
      serializers: { err: describe, error: describe },
      mixin: () => {
        const correlationId = currentCorrelationId()
        return correlationId === null ? {} : { correlationId }
      },
      hooks: { streamWrite: redactJsonLine },
    },
    options.isTerminal ? readable(options.destination) : options.destination,
  )
}

function readable(destination: LogDestination): { write(line: string): void } {
  const format = pretty.prettyFactory({
    colorize: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'service',
    singleLine: true,
  })
  return {
    write(line) {
      destination.write(format(line) ?? line)
    },
  }
}

function redactLine(details: Record<string, unknown>): Record<string, unknown> {
  // Errors keep their class until the serializer has told their stack.
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      if (value instanceof Error) return [name, value]
      const hidden = redact({ [name]: value })
      return [name, typeof hidden === 'object' && hidden !== null ? Reflect.get(hidden, name) : hidden]
    }),
  )
}

function describeShortly(error: unknown): unknown {
  return redact(error instanceof Error ? `${error.name}: ${error.message}` : error)
}

function describeFailure(error: unknown): unknown {
  return redact(error instanceof Error ? pino.stdSerializers.err(error) : error)
}
