import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

import { InputError, type Logger, type StoreMetrics } from '@subnetkit/core'
import { z } from 'zod'

import type { ConnectionParams } from './connection-params.ts'
import { WIRE_SETTINGS } from './wire-settings.ts'

/** The part of a logger that a connection uses. Statements go out at debug, with parameter shapes, never values. */
export type ConnectionLogger = Pick<Logger, 'debug' | 'warn' | 'error'>

/** A local server that a connection holds on to and lets go of when it closes. */
export interface LocalServer {
  /** `http://user:password@127.0.0.1:port`; the credentials never reach a log. */
  readonly url: string
  close(): Promise<void>
}

/** How a connection is made. Unknown options throw. */
export interface ConnectOptions {
  /** Where to, as `readConnectionParams` gives it. Either this or `url`. */
  readonly params?: ConnectionParams
  /** `http://host:port` or `https://host:port`; credentials in it are taken out before anything is logged. */
  readonly url?: string
  /** @default 'default', or what `params` say */
  readonly user?: string
  /** @default '', or what `params` say */
  readonly password?: string
  /** Database of unqualified names; it need not exist yet. @default 'default', or what `params` say */
  readonly database?: string
  /** Cluster for `ON CLUSTER`. @default null, or what `params` say */
  readonly cluster?: string | null
  /** Server-side limit per statement, in seconds. @default 1800, or what `params` say */
  readonly maxExecutionSeconds?: number
  /** Longest statement text that the server parses, in bytes. @default 5000000, or what `params` say */
  readonly maxQueryBytes?: number
  /** Starts or joins the embedded server; needed when `params.mode` is `embedded`. Closed with the connection. */
  readonly startEmbedded?: (options: { readonly signal?: AbortSignal }) => Promise<LocalServer>
  /** Aborts connecting; it does not close the connection later. */
  readonly signal?: AbortSignal
  /** @default no logging */
  readonly logger?: ConnectionLogger
  /** Told of each statement as `command`, `read` or `insert`. @default no metrics */
  readonly metrics?: StoreMetrics
  /** Sockets to the server at the same time. @default 10 */
  readonly maxSockets?: number
  /** Idle sockets are closed after this; keep it below the server's keep-alive (10 s by default). @default 2500 */
  readonly idleSocketMs?: number
  /** A socket without traffic for so long is given up, and its statement killed. @default maxExecutionSeconds + 30 s */
  readonly requestTimeoutMs?: number
  /** How long abort and time-out wait for the server's answer to KILL QUERY. @default 5000 */
  readonly killTimeoutMs?: number
  /** gzip on the wire: off on loopback, on elsewhere. @default 'auto' */
  readonly compression?: boolean | 'auto'
  /** Attempts of a statement that is safe to repeat, the first included. @default 4 */
  readonly attempts?: number
  /** Pause before the second attempt; doubles, with full jitter. @default 100 */
  readonly retryBaseMs?: number
  /** Longest pause between attempts. @default 3000 */
  readonly retryMaxMs?: number
  /** Further ClickHouse settings; those that the codecs rely on are refused. @default none */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** Unique ids for statements, so that they can be killed. @default crypto.randomUUID */
  readonly newQueryId?: () => string
  /** Jitter in [0, 1). @default node:crypto */
  readonly random?: () => number
  /** @default node:timers/promises */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

const fn = z.custom<(...values: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
)
const thing = z.custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object')

const optionsSchema = z.strictObject({
  params: thing.optional(),
  url: z.string().optional(),
  user: z.string().min(1).optional(),
  password: z.string().optional(),
  database: z.string().min(1).optional(),
  cluster: z.string().min(1).nullable().optional(),
  maxExecutionSeconds: z.int().min(1).max(604_800).optional(),
  maxQueryBytes: z.int().min(1_024).max(1_073_741_824).optional(),
  startEmbedded: fn.optional(),
  signal: z.instanceof(AbortSignal).optional(),
  logger: thing.optional(),
  metrics: thing.optional(),
  maxSockets: z.int().min(1).max(1_000).optional(),
  idleSocketMs: z.int().min(0).max(600_000).optional(),
  requestTimeoutMs: z.int().min(1).optional(),
  killTimeoutMs: z.int().min(1).max(60_000).optional(),
  compression: z.union([z.boolean(), z.literal('auto')]).optional(),
  attempts: z.int().min(1).max(20).optional(),
  retryBaseMs: z.int().min(0).max(60_000).optional(),
  retryMaxMs: z.int().min(0).max(600_000).optional(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  newQueryId: fn.optional(),
  random: fn.optional(),
  sleep: fn.optional(),
})

/** What is used where an option is absent. */
export const CONNECTION_DEFAULTS = {
  user: 'default',
  password: '',
  database: 'default',
  cluster: null,
  maxExecutionSeconds: 1_800,
  maxQueryBytes: 5_000_000,
  maxSockets: 10,
  idleSocketMs: 2_500,
  killTimeoutMs: 5_000,
  compression: 'auto',
  attempts: 4,
  retryBaseMs: 100,
  retryMaxMs: 3_000,
  settings: {},
  newQueryId: randomUUID,
  random: (): number => randomInt(2 ** 32) / 2 ** 32,
  sleep: async (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
} as const satisfies Partial<ConnectOptions>

/** Refuses unknown, mistyped and contradicting options with InputError. */
export function checkConnectOptions(options: ConnectOptions): void {
  const result = optionsSchema.safeParse(options)
  const issue = result.error?.issues[0]
  if (issue !== undefined) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
    throw new InputError({
      field: `connectClickHouse.${unknown ?? issue.path.join('.')}`,
      problem: unknown === undefined ? issue.message : 'is not an option',
      hint: 'see ConnectOptions for the options and their ranges',
    })
  }
  if ((options.params === undefined) === (options.url === undefined)) {
    throw new InputError({
      field: 'connectClickHouse.url',
      problem: options.url === undefined ? 'is missing' : 'is given together with params',
      hint: 'give either url, or params from readConnectionParams',
    })
  }
  const pinned = Object.keys(options.settings ?? {}).find((name) => Object.hasOwn(WIRE_SETTINGS, name))
  if (pinned !== undefined) {
    throw new InputError({
      field: `connectClickHouse.settings.${pinned}`,
      problem: 'is pinned: the row codecs rely on it',
      hint: 'leave it out',
    })
  }
}
