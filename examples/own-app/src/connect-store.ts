import {
  type ClickHouseConnection,
  connectClickHouse,
  migrate,
  readConnectionParams,
  startEmbeddedClickHouse,
} from '@subnetkit/storage-clickhouse'

/** What decides where the rows lie. */
export interface StoreOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly network: string
  /** Used when neither `CLICKHOUSE_URL` nor `CLICKHOUSE_HOST` is set. */
  readonly dataFolder: string
  /** For the ledger of migrations. */
  readonly now: () => Date
}

/** Connects to `probes_<network>`, on a server or embedded, and brings its tables up to date. */
export async function connectStore(options: StoreOptions): Promise<ClickHouseConnection> {
  const params = readConnectionParams(options.env, { prefix: 'probes', network: options.network })
  const connection = await connectClickHouse({
    params,
    startEmbedded: ({ signal }) => startEmbeddedClickHouse({ folder: options.dataFolder, signal }),
  })
  const folder = new URL('../migrations/', import.meta.url)
  await migrate(connection, { folder, now: options.now })
  return connection
}
