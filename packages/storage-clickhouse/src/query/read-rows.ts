import type { RowCodec, RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection, Statement } from '../connection.ts'
import { decodeBlocks } from './decode-blocks.ts'
import { from } from './table-name.ts'

/**
 * A SELECT over a codec's columns. In `sql`, `{columns}` stands for the reader's column list and `{table}` for the
 * codec's table (with FINAL where its engine replaces rows); values are `{name:Type}` parameters. No FORMAT clause.
 */
export type ReadStatement = Statement

/** Anything that rows can be read by: a table's codec, or a reader of other results (without `{table}`). */
export type ReadableBy<Row> = RowReader<Row> | RowCodec<Row>

/**
 * Rows as they arrive, decoded and checked, in bounded memory. Leaving the loop early kills the query on the server;
 * aborting does too, and rejects with the signal's reason.
 *
 * @throws StorageError `corrupt_row` when the store holds what the schema does not accept.
 */
export async function* readRows<Row>(
  connection: ClickHouseConnection,
  reader: ReadableBy<Row>,
  statement: ReadStatement,
): AsyncGenerator<Row, void, void> {
  for await (const block of readBlocks(connection, reader, statement)) yield* block
}

/** Like {@link readRows}, in blocks of some thousand rows: for hot loops, where one await per row would dominate. */
export async function* readBlocks<Row>(
  connection: ClickHouseConnection,
  reader: ReadableBy<Row>,
  statement: ReadStatement,
): AsyncGenerator<readonly Row[], void, void> {
  const sql = `${expandSql(connection, reader, statement.sql)}\nFORMAT JSONCompactEachRow`
  let firstRow = 1
  for await (const wire of decodeBlocks(connection.read({ ...statement, sql }), reader.label)) {
    const rows: Row[] = []
    reader.decode(wire, rows, firstRow)
    firstRow += rows.length
    yield rows
  }
}

/** All rows at once: for results that are known to be small. */
export async function readAll<Row>(
  connection: ClickHouseConnection,
  reader: ReadableBy<Row>,
  statement: ReadStatement,
): Promise<Row[]> {
  const all: Row[] = []
  for await (const block of readBlocks(connection, reader, statement)) {
    for (const row of block) all.push(row)
  }
  return all
}

/** The first row, or null. Write `LIMIT 1` into the statement where more could match. */
export async function readOne<Row>(
  connection: ClickHouseConnection,
  reader: ReadableBy<Row>,
  statement: ReadStatement,
): Promise<Row | null> {
  const [row] = await readAll(connection, reader, statement)
  return row ?? null
}

/** Puts column list and table into a statement's text. */
function expandSql<Row>(
  connection: Pick<ClickHouseConnection, 'database'>,
  reader: ReadableBy<Row>,
  sql: string,
): string {
  const expanded = sql.replaceAll('{columns}', () => reader.columnList)
  return 'engine' in reader ? expanded.replaceAll('{table}', () => from(connection, reader)) : expanded
}
