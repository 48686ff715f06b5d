import type { QueryParams } from './query-params.ts'

/** One statement, with its values beside it. */
export interface Statement {
  /** SQL without values: `{name:Type}` stands for a parameter, names of tables and columns come from code. */
  readonly sql: string
  readonly params?: QueryParams
  /** Settings of this statement alone; they go over those of the connection. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Aborting kills the statement on the server; the call then rejects with the signal's own reason. */
  readonly signal?: AbortSignal
  /** Server-side limit. @default the connection's `maxExecutionSeconds` */
  readonly maxExecutionSeconds?: number
}

/** A statement that changes something. */
export interface CommandStatement extends Statement {
  /** True when running it twice does no harm, so that a lost connection may be answered by repeating it. @default false */
  readonly isRepeatable?: boolean
}

/** Rows on their way in, as bytes. */
export interface InsertStatement extends CommandStatement {
  /**
   * What follows the statement in the request's body. An array is kept until acknowledged, so that it can be sent again;
   * a stream goes through without being kept, and must refuse to be read twice.
   */
  readonly body: readonly Buffer[] | AsyncIterable<Uint8Array>
}

/** What the server says about a finished statement. */
export interface StatementSummary {
  readonly queryId: string
  /** Rows and bytes, as the server counted them; a materialised view's rows count too. */
  readonly writtenRows: number
  readonly writtenBytes: number
  readonly readRows: number
}

/**
 * A pool of sockets to one server, and the name of one database. What a repository needs; also what an app of your own
 * needs. Every failure is a StorageError, or the abort signal's own reason.
 */
export interface ClickHouseConnection extends AsyncDisposable {
  /** Database of unqualified names. */
  readonly database: string
  /** Cluster for `ON CLUSTER`, or null. */
  readonly cluster: string | null
  /** Runs a statement that answers nothing; resolves when the server says that it has ended. */
  command(statement: CommandStatement): Promise<StatementSummary>
  /**
   * The answer's bytes in the format that the statement asks for. Leaving the loop early kills the statement. The
   * statement starts with the loop. An error in the middle of a text format is part of the bytes: `readRows` finds it.
   */
  read(statement: Statement): AsyncIterable<Buffer>
  /** Sends rows as bytes and resolves when they are stored. */
  insert(statement: InsertStatement): Promise<StatementSummary>
  /** The same sockets, another database. Closing it does nothing: close the connection that it came from. */
  withDatabase(database: string): ClickHouseConnection
  /** Closes the sockets, and lets go of the embedded server where there is one. Harmless when repeated. */
  close(): Promise<void>
}
