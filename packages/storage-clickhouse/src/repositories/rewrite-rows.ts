import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { from, tableName } from '../query/table-name.ts'
import type { VersionClock } from '../query/version-clock.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { FINAL_SETTINGS, type Condition } from './key-condition.ts'

/** Which rows of a Replacing table, and what becomes of them. */
export interface RewriteRowsParams extends Condition {
  /** Column → expression that replaces its value; every other column keeps its own. */
  readonly replace: Readonly<Record<string, string>>
  readonly version: VersionClock
  readonly signal?: AbortSignal
}

/**
 * Writes rows again as newer versions of themselves, on the server: nothing travels, and nothing is mutated. The new
 * version is above the row's own even where another process' clock is ahead. The condition must exclude rows that are
 * as they should be, so that doing it again writes nothing. Gives the number of rows written.
 */
export async function rewriteRows(
  connection: ClickHouseConnection,
  codec: Pick<RowCodec<never>, 'table' | 'engine' | 'insertList' | 'expectedColumns' | 'versionColumn'>,
  { where, params, replace, version, signal }: RewriteRowsParams,
): Promise<number> {
  const values = codec.expectedColumns.map(({ name }) =>
    name === codec.versionColumn
      ? `greatest({version:UInt64}, ${quoteIdentifier(name)} + 1)`
      : (replace[name] ?? quoteIdentifier(name)),
  )
  const { writtenRows } = await connection.command({
    sql: `INSERT INTO ${tableName(connection, codec)} (${codec.insertList})
SELECT ${values.join(', ')} FROM ${from(connection, codec)} WHERE ${where}`,
    params: { ...params, version: version.next() },
    settings: FINAL_SETTINGS,
    isRepeatable: true,
    ...(signal === undefined ? {} : { signal }),
  })
  return writtenRows
}
