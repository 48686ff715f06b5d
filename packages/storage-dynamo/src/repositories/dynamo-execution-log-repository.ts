import {
  executionOutcomes,
  hotkeySchema,
  instantSchema,
  StorageError,
  type CallOptions,
  type ExecutionLog,
  type ExecutionLogRepository,
  type ExecutionLogScope,
  type Page,
  type PageParams,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkInput } from '../codecs/check-input.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { checkLimit } from '../requests/check-limit.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryFullPage } from '../requests/query-full-page.ts'
import { executionLogsTable as table } from '../tables/execution-logs-table.ts'
import { executionLogItem, executionLogPartition, executionLogTime } from './execution-log-items.ts'

const STREAM_PAGE = 1_000

const scopeSchema = z.strictObject({
  minerHotkey: hotkeySchema,
  from: instantSchema,
  to: instantSchema,
  outcome: z.enum(executionOutcomes).exactOptional(),
  now: instantSchema,
})

/** Attempts in DynamoDB: one put each, if absent; ranges of time are ranges of the sort key. */
export class DynamoExecutionLogRepository implements ExecutionLogRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async append(params: Readonly<{ log: ExecutionLog }>, options?: CallOptions): Promise<void> {
    const item = executionLogItem.encode(params.log)
    await putItemIfAbsent({ connection: this.#connection, table, item }, options)
  }

  async list(params: ExecutionLogScope & PageParams, options?: CallOptions): Promise<Page<ExecutionLog>> {
    const { minerHotkey, from, to, outcome, now, limit, cursor } = params
    checkScope(params)
    checkLimit(limit, table.name)
    if (from.getTime() === to.getTime()) return { items: [], nextCursor: null }
    return queryFullPage<ExecutionLog>(
      {
        connection: this.#connection,
        table,
        partition: executionLogPartition.build({ minerHotkey }),
        // Keys of the bound itself go on after it, so the upper one is excluded.
        range: { from: timeOf(from), to: timeOf(to) },
        order: 'descending',
        now,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
        read: (items) => Promise.resolve(items.map((item) => decodeIf(item, outcome))),
      },
      options,
    )
  }

  async *stream(
    params: ExecutionLogScope,
    options?: CallOptions,
  ): AsyncGenerator<ExecutionLog, void, undefined> {
    let cursor: string | null = null
    do {
      const page: Page<ExecutionLog> = await this.list({ ...params, limit: STREAM_PAGE, cursor }, options)
      yield* page.items
      cursor = page.nextCursor
    } while (cursor !== null)
  }
}

function checkScope(scope: ExecutionLogScope): void {
  const { minerHotkey, from, to, outcome, now } = scope
  checkInput(
    scopeSchema,
    { minerHotkey, from, to, now, ...(outcome === undefined ? {} : { outcome }) },
    'execution logs',
  )
  if (from <= to) return
  throw new StorageError({
    code: 'invalid_input',
    message: `execution logs: from ${from.toISOString()} must not be after to ${to.toISOString()}`,
    details: { path: 'from' },
  })
}

function timeOf(instant: Date): string {
  return executionLogTime.build({ finishedAtMs: BigInt(instant.getTime()) })
}

function decodeIf(item: Item, outcome: ExecutionLogScope['outcome']): ExecutionLog | null {
  const log = executionLogItem.decode(item)
  return outcome === undefined || log.outcome === outcome ? log : null
}
