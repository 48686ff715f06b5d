import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { InputError, isStorageError } from '@subnetkit/core'

import {
  checkConnectOptions,
  CONNECTION_DEFAULTS,
  type ConnectOptions,
  type LocalServer,
} from './connection-options.ts'
import type { ClickHouseConnection } from './connection.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import type { RunnerContext } from './runner-context.ts'
import { runRead, runToEnd } from './statement-runner.ts'
import { WIRE_SETTINGS } from './wire-settings.ts'

/**
 * Opens a connection and checks server and credentials with one statement. The database need not exist yet.
 *
 * @throws InputError for options that are unknown or contradict each other.
 * @throws StorageError `unavailable` or `unauthenticated` when the server cannot be used.
 */
export async function connectClickHouse(options: ConnectOptions): Promise<ClickHouseConnection> {
  checkConnectOptions(options)
  options.signal?.throwIfAborted()
  const database = options.database ?? options.params?.database ?? CONNECTION_DEFAULTS.database
  quoteIdentifier(database)
  const local = await startLocal(options)
  const context = createContext(options, local?.url ?? options.params?.url ?? options.url ?? '')
  const connection = createConnection(context, database, closeOnce(context, local))
  try {
    // Without a database: the named one may be about to be created.
    const check = runRead(context, 'default', { sql: 'SELECT 1 FORMAT TabSeparated', ...signalOf(options) })
    for await (const _chunk of check) continue
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

/**
 * Opens a connection for the length of a function, and closes it whatever happens. A store's failure is logged once,
 * here, and passed on as a StorageError; other errors pass untouched.
 */
export async function withClickHouse<T>(
  options: ConnectOptions,
  use: (connection: ClickHouseConnection) => Promise<T>,
): Promise<T> {
  let connection: ClickHouseConnection | null = null
  try {
    connection = await connectClickHouse(options)
    return await use(connection)
  } catch (error) {
    if (isStorageError(error)) {
      const { code, details, message } = error
      options.logger?.error({ code, details, problem: message }, 'clickhouse failed')
    }
    throw error
  } finally {
    await connection?.close()
  }
}

function signalOf({ signal }: ConnectOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

async function startLocal(options: ConnectOptions): Promise<LocalServer | null> {
  if (options.params?.mode !== 'embedded') return null
  if (options.startEmbedded === undefined) {
    throw new InputError({
      field: 'connectClickHouse.startEmbedded',
      problem: 'is missing, and neither a URL nor a host is set',
      hint: 'pass a function that starts the embedded server, or set CLICKHOUSE_URL',
    })
  }
  return options.startEmbedded(signalOf(options))
}

/** Takes credentials out of a URL: what is left may be logged, and the driver gets them by name. */
function splitUrl(text: string): {
  readonly url: string
  readonly user?: string
  readonly password?: string
} {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InputError({
      field: 'connectClickHouse.url',
      problem: 'is not an http(s) URL',
      hint: 'give http://host:8123 or https://host:8443',
    })
  }
  const { username, password } = url
  url.username = ''
  url.password = ''
  if (username === '') return { url: url.href }
  return { url: url.href, user: decodeURIComponent(username), password: decodeURIComponent(password) }
}

function createContext(options: ConnectOptions, address: string): RunnerContext {
  const { url, ...credentials } = splitUrl(address)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const merged = { ...CONNECTION_DEFAULTS, ...options.params, ...credentials, ...(given as ConnectOptions) }
  const { compression } = merged
  const isCompressed = compression === 'auto' ? !isLoopback(url) : compression
  const base = {
    url,
    username: merged.user,
    password: merged.password,
    request_timeout: merged.requestTimeoutMs ?? (merged.maxExecutionSeconds + 30) * 1_000,
    max_open_connections: merged.maxSockets,
    keep_alive: { enabled: true, idle_socket_ttl: merged.idleSocketMs, eagerly_destroy_stale_sockets: true },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      max_query_size: String(merged.maxQueryBytes),
      max_execution_time: merged.maxExecutionSeconds,
      ...merged.settings,
      ...WIRE_SETTINGS,
    },
  }
  const reader = createClient({ ...base, compression: { request: false, response: isCompressed } })
  return {
    reader,
    writer: isCompressed
      ? createClient({ ...base, compression: { request: true, response: false } })
      : reader,
    options: merged,
    cluster: merged.cluster,
    logger: options.logger ?? null,
    metrics: options.metrics ?? null,
  }
}

function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function closeOnce({ reader, writer }: RunnerContext, local: LocalServer | null): () => Promise<void> {
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    const clients: ReadonlySet<ClickHouseClient> = new Set([reader, writer])
    await Promise.all([...clients].map(async (client) => client.close()))
    await local?.close()
  }
  return async () => (closing ??= close())
}

function createConnection(
  context: RunnerContext,
  database: string,
  close: () => Promise<void>,
): ClickHouseConnection {
  return {
    database,
    cluster: context.cluster,
    command: async (statement) => runToEnd(context, database, 'command', statement),
    read: (statement) => runRead(context, database, statement),
    insert: async (statement) => runToEnd(context, database, 'insert', statement),
    withDatabase(name) {
      quoteIdentifier(name)
      return createConnection(context, name, async () => {})
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
