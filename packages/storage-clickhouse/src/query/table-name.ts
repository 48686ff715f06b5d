import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { quoteIdentifier } from '../quote-identifier.ts'

/** The codec's table with its database, quoted: for INSERT and DELETE. */
export function tableName(
  connection: Pick<ClickHouseConnection, 'database'>,
  codec: Pick<RowCodec<never>, 'table'>,
): string {
  return `${quoteIdentifier(connection.database)}.${quoteIdentifier(codec.table)}`
}

/** What stands after FROM: the table, with FINAL always and only when its engine replaces rows. */
export function from(
  connection: Pick<ClickHouseConnection, 'database'>,
  codec: Pick<RowCodec<never>, 'table' | 'engine'>,
): string {
  return `${tableName(connection, codec)}${codec.engine === 'ReplacingMergeTree' ? ' FINAL' : ''}`
}
