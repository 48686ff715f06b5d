import { StorageError, type CallOptions, type TableReader, type StoredRow } from '@subnetkit/core'
import { z } from 'zod'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { batchGet } from '../requests/batch-get.ts'
import { keyText } from '../requests/key-text.ts'
import { scanItems } from '../requests/scan-items.ts'
import type { TableSpec } from '../tables/table-spec.ts'

/** Which rows of which table are read. */
export interface ItemReaderOptions<Row, Key> {
  readonly connection: DynamoConnection
  readonly table: TableSpec
  /** Reads a row's key from an item's attributes. */
  readonly key: z.ZodType<Key>
  readonly attributes: readonly string[]
  /** Whether an item is a row; a table holds small items that find rows, too. Judged by the key attributes. */
  readonly isRow: (item: Item) => boolean
  /** Where the rows are: the items' own keys, null where there can be none. */
  readonly locate: (
    keys: readonly Key[],
    options: CallOptions | undefined,
  ) => Promise<readonly (Item | null)[]>
  readonly read: (item: Item) => Row
  /** Whether a row that was found in a place is the one that was meant. */
  readonly isOf: (row: Row, key: Key) => boolean
}

/** Reads a whole table: keys by scans, rows by batches. */
export function createItemReader<Row, Key>(options: ItemReaderOptions<Row, Key>): TableReader<Row, Key> {
  const { connection, table, key, attributes, isRow, locate, read, isOf } = options
  const storedIn = (item: Item | null, wanted: Key): StoredRow<Row> => {
    if (item === null) return { kind: 'absent' }
    try {
      const row = read(item)
      return isOf(row, wanted) ? { kind: 'row', row } : { kind: 'absent' }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      return { kind: 'unreadable', problem: error.message }
    }
  }
  return {
    async listKeys(page, call) {
      const names = [...new Set(['pk', ...(table.sortKey === null ? [] : ['sk']), ...attributes])]
      const found = await scanItems({ ...page, connection, table, attributes: names }, call)
      const items = found.items.filter(isRow).map((item) => z.decode(key, pick(item, attributes)))
      return { items, nextCursor: found.nextCursor }
    },
    async findMany({ keys }, call) {
      const items = await getEach({ connection, table }, await locate(keys, call), call)
      return keys.map((wanted, index) => storedIn(items[index] ?? null, wanted))
    },
  }
}

/** Items in the order of their keys, of which some may be the same or none. */
export async function getEach(
  target: Readonly<{ connection: DynamoConnection; table: TableSpec }>,
  keys: readonly (Item | null)[],
  options: CallOptions | undefined,
): Promise<readonly (Item | null)[]> {
  const distinct = new Map(keys.flatMap((key) => (key === null ? [] : [[keyText(target.table, key), key]])))
  const items = await batchGet({ ...target, keys: [...distinct.values()] }, options)
  const found = new Map([...distinct.keys()].map((text, index) => [text, items[index] ?? null]))
  return keys.map((key) => (key === null ? null : (found.get(keyText(target.table, key)) ?? null)))
}

function pick(item: Item, names: readonly string[]): unknown {
  return Object.fromEntries(names.map((name) => [name, item[name]]))
}
