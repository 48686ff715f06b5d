import {
  type CallOptions,
  isStorageError,
  type RowOutbox,
  type RowOutboxEntry,
  type RowOutboxPage,
} from '@subnetkit/core'

import type { FailedRows } from './failed-rows.ts'

/** One table's outbox, and where its rows go. */
export interface CopyOutboxParams<Row> {
  readonly table: string
  readonly outbox: RowOutbox<Row>
  readonly idOf: (row: Row) => string
  /** A mark of this moment; throws when this process must not copy any more. Taken before rows are read. */
  readonly stamp: () => bigint
  readonly put: (rows: readonly Row[], stamp: bigint) => Promise<unknown>
  /** Rows at once: what memory holds. */
  readonly batch: number
  readonly failed: FailedRows
}

/** Each lap more means that somebody wrote while a row was copied; what still moves then is for the next pass. */
const MAX_LAPS = 5

/**
 * Copies the rows of an outbox, each as it stands, and settles them. A row that changed meanwhile is read and copied
 * again, also when somebody else settled it: then the copy may have gone behind his. A row that the other store refuses
 * holds up no other. Gives how many copies were settled.
 *
 * @throws whatever else either store throws: then nothing is lost, the outbox still has the rest.
 */
export async function copyOutbox<Row>(params: CopyOutboxParams<Row>, options: CallOptions): Promise<number> {
  const { table, outbox, stamp, batch, failed } = params
  let copied = 0
  let cursor: string | null = null
  do {
    let read = stamp()
    const page: RowOutboxPage<Row> = await outbox.list({ limit: batch, cursor }, options)
    for (const { place, problem } of page.unreadable) failed.add({ table, id: place, problem })
    let left = page.entries
    for (let lap = 1; lap <= MAX_LAPS && left.length > 0; lap += 1) {
      const put = await putEach(params, left, read)
      read = stamp()
      left = await outbox.settle({ entries: put }, options)
      copied += put.length - left.length
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  return copied
}

/** Gives what was put. Halved until the row that is refused stands alone. */
async function putEach<Row>(
  params: CopyOutboxParams<Row>,
  entries: readonly RowOutboxEntry<Row>[],
  stamp: bigint,
): Promise<readonly RowOutboxEntry<Row>[]> {
  const { table, put, idOf, failed } = params
  try {
    await put(
      entries.map(({ row }) => row),
      stamp,
    )
    return entries
  } catch (error) {
    if (!isStorageError(error, 'invalid_input')) throw error
    const [only] = entries
    if (only === undefined) return []
    if (entries.length === 1) {
      failed.add({ table, id: idOf(only.row), problem: error.message })
      return []
    }
    const half = Math.ceil(entries.length / 2)
    return [
      ...(await putEach(params, entries.slice(0, half), stamp)),
      ...(await putEach(params, entries.slice(half), stamp)),
    ]
  }
}
