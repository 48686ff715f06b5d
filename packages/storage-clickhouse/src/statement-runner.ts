import { Readable } from 'node:stream'

import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import type { StorageError } from '@subnetkit/core'

import { bodyChunks } from './body-chunks.ts'
import type { CommandStatement, InsertStatement, Statement, StatementSummary } from './connection.ts'
import { toStorageError } from './errors.ts'
import { killStatement } from './kill-statement.ts'
import { describeParams, queryParams } from './query-params.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { RunnerContext } from './runner-context.ts'
import { ACKNOWLEDGED_SETTINGS } from './wire-settings.ts'

type Kind = 'command' | 'read' | 'insert'

interface Attempt {
  readonly queryId: string
  readonly query: string
  readonly query_params: Record<string, unknown>
  readonly clickhouse_settings: ClickHouseSettings
  readonly http_headers: Record<string, string>
  readonly abort_signal?: AbortSignal
  readonly query_id: string
}

/** Runs a command or an insert to its end. */
export async function runToEnd(
  context: RunnerContext,
  database: string,
  kind: 'command' | 'insert',
  statement: CommandStatement | InsertStatement,
): Promise<StatementSummary> {
  const report = startReport(context, kind, statement)
  return withRetries(context, kind, statement, report, async () => {
    const attempt = prepare(context, database, statement, ACKNOWLEDGED_SETTINGS)
    const { summary } = await guard(context, kind, statement, attempt.queryId, async () => {
      if (!('body' in statement)) return context.reader.command(attempt)
      const values = Readable.from(statement.body, { objectMode: false })
      const sent = await context.writer.exec({ ...attempt, values })
      for await (const _chunk of sent.stream) continue
      return sent
    })
    const result = {
      queryId: attempt.queryId,
      writtenRows: Number(summary?.written_rows ?? 0),
      writtenBytes: Number(summary?.written_bytes ?? 0),
      readRows: Number(summary?.read_rows ?? 0),
    }
    report('ok', result.writtenRows, attempt.queryId)
    return result
  })
}

/** Opens a read and yields its bytes; ends the statement on the server when the caller leaves or aborts. */
export async function* runRead(
  context: RunnerContext,
  database: string,
  statement: Statement,
): AsyncGenerator<Buffer, void, void> {
  const report = startReport(context, 'read', statement)
  const { body, queryId } = await withRetries(context, 'read', statement, report, async () => {
    const attempt = prepare(context, database, statement, {})
    const opened = await guard(context, 'read', statement, attempt.queryId, async () =>
      openBody(context.reader, attempt),
    )
    return { body: opened, queryId: attempt.queryId }
  })
  const { signal } = statement
  const abort = (): void => void body.destroy()
  signal?.addEventListener('abort', abort, { once: true })
  let isComplete = false
  try {
    signal?.throwIfAborted()
    for await (const chunk of bodyChunks(body)) {
      signal?.throwIfAborted()
      yield chunk
    }
    signal?.throwIfAborted()
    isComplete = true
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    throw toStorageError(error, { operation: describe('read', statement), queryId })
  } finally {
    signal?.removeEventListener('abort', abort)
    body.destroy()
    if (!isComplete) await killStatement(context, queryId, true)
    report(isComplete ? 'ok' : 'aborted', 0, queryId)
  }
}

const MAX_URL_PARAMS = 4_096

/** Small parameters go in the URL; large ones in a multipart body, which only the driver's own query can write. */
async function openBody(reader: ClickHouseClient, attempt: Attempt): Promise<Readable> {
  if (sizeOf(attempt.query_params) <= MAX_URL_PARAMS) return (await reader.exec(attempt)).stream
  const { query, ...rest } = attempt
  const format = /\sFORMAT JSONCompactEachRow\s*$/
  const result = await reader.query({
    ...rest,
    query: query.replace(format, ''),
    format: 'JSONCompactEachRow',
    use_multipart_params: true,
  })
  return Readable.from(textsOf(result.stream()), { objectMode: false })
}

async function* textsOf(stream: AsyncIterable<readonly { readonly text: string }[]>): AsyncGenerator<Buffer> {
  for await (const rows of stream) yield Buffer.from(rows.map(({ text }) => `${text}\n`).join(''))
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + sizeOf(element) + 3, 0)
  if (typeof value !== 'object' || value === null) return 24
  return Object.values(value).reduce<number>((sum, element) => sum + sizeOf(element) + 3, 0)
}

function prepare(
  { options }: RunnerContext,
  database: string,
  statement: Statement,
  settings: ClickHouseSettings,
): Attempt {
  const queryId = options.newQueryId()
  return {
    queryId,
    query_id: queryId,
    query: statement.sql,
    query_params: queryParams(statement.params ?? {}),
    clickhouse_settings: {
      ...settings,
      max_execution_time: statement.maxExecutionSeconds ?? options.maxExecutionSeconds,
      ...statement.settings,
    },
    http_headers: database === 'default' ? {} : { 'X-ClickHouse-Database': database },
    ...(statement.signal === undefined ? {} : { abort_signal: statement.signal }),
  }
}

/** Translates a failure; kills what the server may still be running because nobody listens any more. */
async function guard<T>(
  context: RunnerContext,
  kind: Kind,
  statement: Statement,
  queryId: string,
  send: () => Promise<T>,
): Promise<T> {
  const { signal } = statement
  signal?.throwIfAborted()
  try {
    const result = await send()
    signal?.throwIfAborted()
    return result
  } catch (error) {
    if (signal?.aborted === true) {
      await killStatement(context, queryId, false)
      throw signal.reason
    }
    const translated = toStorageError(error, { operation: describe(kind, statement), queryId })
    const isLocalTimeout = translated.code === 'timeout' && translated.details['clickhouseCode'] === undefined
    if (isLocalTimeout) await killStatement(context, queryId, false)
    throw translated
  }
}

type Report = (outcome: 'ok' | 'aborted' | 'failed', rows: number, queryId: string | null) => void

async function withRetries<T>(
  context: RunnerContext,
  kind: Kind,
  statement: CommandStatement,
  report: Report,
  attempt: () => Promise<T>,
): Promise<T> {
  const { options, logger } = context
  const isRepeatable = kind === 'read' || statement.isRepeatable === true
  const policy = { attempts: options.attempts, baseMs: options.retryBaseMs, maxMs: options.retryMaxMs }
  for (let number = 1; ; number += 1) {
    try {
      return await attempt()
    } catch (error) {
      const isAborted = statement.signal?.aborted === true
      if (
        isAborted ||
        !(error instanceof Error) ||
        number >= policy.attempts ||
        !mayRepeat(error, isRepeatable)
      ) {
        report(isAborted ? 'aborted' : 'failed', 0, null)
        throw error
      }
      const milliseconds = retryDelayMs(policy, number, options.random)
      logger?.warn(
        { attempt: number, milliseconds, problem: error.message },
        'clickhouse statement is repeated',
      )
      await pause(options.sleep, milliseconds, statement.signal)
    }
  }
}

async function pause(
  sleep: RunnerContext['options']['sleep'],
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await sleep(milliseconds, signal)
  } catch (error) {
    // A sleep that is cut short rejects with an AbortError of its own; the caller is owed the signal's reason.
    throw signal?.aborted === true ? signal.reason : error
  }
}

/** What never began may always be repeated; the rest only when a second run does no harm. */
function mayRepeat(
  error: Error & Partial<Pick<StorageError, 'code' | 'details'>>,
  isRepeatable: boolean,
): boolean {
  const { code, details, cause } = error
  const neverBegan =
    details?.['clickhouseCode'] === 202 ||
    (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED')
  return neverBegan || (isRepeatable && (code === 'unavailable' || code === 'throttled'))
}

function startReport({ logger, metrics }: RunnerContext, operation: Kind, statement: Statement): Report {
  const started = performance.now()
  return (outcome, rows, queryId) => {
    const milliseconds = performance.now() - started
    const counted = outcome === 'ok' && operation !== 'read' ? { rows } : {}
    metrics?.storeCalled({
      store: 'clickhouse',
      operation,
      outcome: outcome === 'failed' ? 'failed' : 'ok',
      durationMs: milliseconds,
      ...counted,
    })
    logger?.debug(
      {
        operation,
        outcome,
        queryId,
        statement: statement.sql,
        params: describeParams(statement.params ?? {}),
        milliseconds: Math.round(milliseconds * 10) / 10,
        rows,
      },
      'clickhouse statement',
    )
  }
}

/** The statement's beginning: which operation on which table, without conditions. */
function describe(kind: Kind, { sql }: Statement): string {
  const start = sql.replaceAll(/\s+/g, ' ').trim()
  return `${kind} "${start.length <= 80 ? start : `${start.slice(0, 80)}…`}"`
}
