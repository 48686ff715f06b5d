import type { DynamoConnection } from '../connect.ts'
import type { TableSpec } from '../tables/table-spec.ts'

/** Which table of which connection a request goes to. */
export interface TableTarget {
  readonly connection: DynamoConnection
  readonly table: TableSpec
}
