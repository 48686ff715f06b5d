import type { CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { sweepExpired, type SweepResult } from '../requests/sweep-expired.ts'
import { tableName, type TableSpec } from '../tables/table-spec.ts'

/** What to sweep. */
export interface SweepTablesParams {
  readonly connection: DynamoConnection
  readonly tables: readonly TableSpec[]
  readonly now: Date
  /** Told after each step, so that a command can show progress; counts are of the table so far. */
  readonly onStep?: (swept: SweptTable) => void
}

/** What was removed from one table. */
export interface SweptTable {
  /** With the prefix. */
  readonly name: string
  readonly removed: number
}

/** Items that one step looks at. */
const STEP = 1_000

/**
 * Removes the expired items of all tables that have some, step by step. Any number may run at once, and a crash or an
 * abort is made good by the next: each removal stands for itself.
 */
export async function sweepTables(
  params: SweepTablesParams,
  options?: CallOptions,
): Promise<readonly SweptTable[]> {
  const { connection, tables, now, onStep } = params
  const swept: SweptTable[] = []
  for (const table of tables.filter(({ expiryAttribute }) => expiryAttribute !== null)) {
    const name = tableName(connection.tablePrefix, table)
    let removed = 0
    let cursor: string | null = null
    do {
      const step: SweepResult = await sweepExpired({ connection, table, now, limit: STEP, cursor }, options)
      removed += step.removed
      cursor = step.nextCursor
      onStep?.({ name, removed })
    } while (cursor !== null)
    swept.push({ name, removed })
  }
  return swept
}
