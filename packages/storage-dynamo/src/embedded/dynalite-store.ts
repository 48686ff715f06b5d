/** How dynalite's functions answer: an error, which may carry what the client is told, or a value. */
export type Done<Value> = (error: unknown, value?: Value) => void

/** An attribute of a key and its type, as dynalite keeps it. */
interface KeyElement {
  readonly AttributeName: string
}

/** An index as dynalite keeps it in a table's definition. */
export interface DynaliteIndex {
  readonly IndexName: string
  readonly KeySchema: readonly KeyElement[]
  readonly Projection: unknown
}

/** A type of a key attribute, as dynalite keeps it. */
export interface AttributeDefinition {
  readonly AttributeName: string
  readonly AttributeType: string
}

/** A table's definition as dynalite keeps it. */
export interface DynaliteTable {
  readonly TableName: string
  readonly TableStatus: string
  readonly AttributeDefinitions: readonly AttributeDefinition[]
  readonly GlobalSecondaryIndexes?: readonly DynaliteIndex[]
}

/** An item as dynalite keeps it: each attribute as its type and value. */
export type DynaliteItem = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** The part of an UpdateTable that adds indexes, after dynalite's own checks. */
export interface UpdateTableRequest {
  readonly TableName: string
  readonly AttributeDefinitions?: readonly AttributeDefinition[]
  readonly GlobalSecondaryIndexUpdates?: readonly { readonly Create?: DynaliteIndex }[]
}

interface IndexEntry {
  readonly key: string
  readonly item: DynaliteItem
}

/** One write of a batch to dynalite's store. */
export interface IndexWrite {
  readonly type: 'put'
  readonly key: string
  readonly value: DynaliteItem
}

/** The part of dynalite's store that the embedded engine uses. */
export interface DynaliteStore {
  readonly tableDb: {
    readonly awsRegion: string
    readonly awsAccountId: string
    put(name: string, table: DynaliteTable, done: Done<void>): void
  }
  getTable(name: string, isChecked: boolean, done: Done<DynaliteTable>): void
  getItemDb(name: string): { createValueStream(): AsyncIterable<DynaliteItem> }
  getIndexDb(
    kind: 'Global',
    table: string,
    index: string,
  ): { batch(writes: readonly IndexWrite[], done: Done<void>): void }
  deleteIndexDb(kind: 'Global', table: string, index: string, done: Done<void>): void
}

/** The functions of dynalite on items and keys that the embedded engine uses. */
export interface DynaliteFunctions {
  validationError(message: string): Error
  getIndexActions(
    indexes: readonly DynaliteIndex[],
    before: null,
    item: DynaliteItem,
    table: DynaliteTable,
  ): { readonly puts: readonly IndexEntry[] }
}

/** One of dynalite's actions. */
export type DynaliteAction = (store: DynaliteStore, request: UpdateTableRequest, done: Done<unknown>) => void
