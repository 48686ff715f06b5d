import type { CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { tableName, type TableSpec } from './table-spec.ts'

/** The tables that exist under a connection's prefix. */
export interface ListedTables {
  /** Full names that belong to one of the specs. */
  readonly known: readonly string[]
  /**
   * Full names that begin with the prefix and its separator but belong to no spec: perhaps of a longer prefix
   * (`team` and `team_dev`). Nothing here ever touches them.
   */
  readonly unknown: readonly string[]
}

/** Lists tables by exact name, through all pages. */
export async function listTables(
  params: Readonly<{ connection: DynamoConnection; tables: readonly TableSpec[] }>,
  options?: CallOptions,
): Promise<ListedTables> {
  const { connection, tables } = params
  const ours = new Set(tables.map((table) => tableName(connection.tablePrefix, table)))
  const names: string[] = []
  let from: string | undefined
  do {
    const page = await connection.tables.listTables(
      from === undefined ? {} : { ExclusiveStartTableName: from },
      options,
    )
    names.push(...(page.TableNames ?? []))
    from = page.LastEvaluatedTableName
  } while (from !== undefined)
  const prefixed = names.filter((name) => name.startsWith(`${connection.tablePrefix}_`))
  return {
    known: prefixed.filter((name) => ours.has(name)),
    unknown: prefixed.filter((name) => !ours.has(name)),
  }
}
