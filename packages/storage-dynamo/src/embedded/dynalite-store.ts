import type { Readable } from 'node:stream'

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
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] }
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
  readonly KeySchema: readonly KeyElement[]
  readonly AttributeDefinitions: readonly AttributeDefinition[]
  readonly GlobalSecondaryIndexes?: readonly DynaliteIndex[]
  readonly LocalSecondaryIndexes?: readonly DynaliteIndex[]
}

/** An item as dynalite keeps it: each attribute as its type and value. */
export type DynaliteItem = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** The part of an UpdateTable that adds indexes, after dynalite's own checks. */
export interface UpdateTableRequest {
  readonly TableName: string
  readonly AttributeDefinitions?: readonly AttributeDefinition[]
  readonly GlobalSecondaryIndexUpdates?: readonly { readonly Create?: DynaliteIndex }[]
}

/** One write of a batch to dynalite's store. */
export type IndexWrite =
  | { readonly type: 'put'; readonly key: string; readonly value: DynaliteItem }
  | { readonly type: 'del'; readonly key: string }

/** The part of the level database under dynalite's store that the embedded engine uses. */
export interface OpenLevel {
  keys(range: { gte: string; lt: string }): AsyncIterable<string>
  clear(range: { gte: string; lt: string }): Promise<void>
}

/** The part of dynalite's store that the embedded engine uses or replaces. */
export interface DynaliteStore {
  readonly db: OpenLevel
  readonly lifecycleManager: { trackOperation(operation: Promise<void>): Promise<void> }
  readonly tableDb: {
    readonly awsRegion: string
    readonly awsAccountId: string
    createKeyStream: () => Readable
    put(name: string, table: DynaliteTable, done: Done<void>): void
  }
  getTable(name: string, isChecked: boolean, done: Done<DynaliteTable>): void
  getItemDb(name: string): { createValueStream(): AsyncIterable<DynaliteItem> }
  getIndexDb(
    kind: 'Global' | 'Local',
    table: string,
    index: string,
  ): { batch(writes: readonly IndexWrite[], done: Done<void>): void }
  deleteItemDb: (table: string, done: Done<void>) => void
  deleteTagDb: (table: string, done: Done<void>) => void
  deleteIndexDb: (kind: 'Global' | 'Local', table: string, index: string, done: Done<void>) => void
}

/** The functions of dynalite on items and keys that the embedded engine uses or replaces. */
export interface DynaliteFunctions {
  create: (options: object) => DynaliteStore
  validationError(message: string): Error
  /** By the table's own key when no other is given. */
  createKey(item: DynaliteItem, table: DynaliteTable, keySchema?: DynaliteIndex['KeySchema']): string
  createIndexKey(item: DynaliteItem, table: DynaliteTable, keySchema: DynaliteIndex['KeySchema']): string
  updateIndexes(
    store: DynaliteStore,
    table: DynaliteTable,
    before: DynaliteItem | null | undefined,
    after: DynaliteItem | null | undefined,
    done: Done<void>,
  ): void
}

/** One of dynalite's actions. */
export type DynaliteAction = (store: DynaliteStore, request: UpdateTableRequest, done: Done<unknown>) => void
