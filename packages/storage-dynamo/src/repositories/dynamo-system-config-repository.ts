import { isDeepStrictEqual } from 'node:util'

import {
  configKeySchema,
  showValue,
  StorageError,
  type CallOptions,
  type Page,
  type PageParams,
  type PutSystemConfigParams,
  type SystemConfig,
  type SystemConfigRepository,
} from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { backoffDelayMs, pause } from '../requests/backoff.ts'
import { chunkBySize } from '../requests/chunk-by-size.ts'
import { getItem } from '../requests/get-item.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems, type QueryItemsParams } from '../requests/query-items.ts'
import { systemConfigTable as table } from '../tables/system-config-table.ts'
import {
  configDirectoryItem,
  DIRECTORY_PARTITION,
  LAST_VERSION,
  parameterKey,
  systemConfigItem,
  versionKey,
} from './system-config-items.ts'

/** Every lost lap means that another writer won one, so this is only reached by hundreds of writers of one key. */
const MAX_LAPS = 250
const LAP_BACKOFF = { baseDelayMs: 4, maxDelayMs: 100 } as const
const CONCURRENT_READS = 16

/**
 * System configuration in DynamoDB, without transactions and without a pointer that could lag.
 *
 * A put is two conditional writes: (1) the key enters the directory, once in its life; (2) version n+1 is put if
 * absent, which decides. The current version *is* the newest item of the key's partition. A crash after (1) leaves a
 * directory entry without versions, which readers pass over and the next put completes; a crash after (2) leaves a
 * finished put. The same put again — key, value, name and time all equal — returns the version that it made, so that
 * a retry after a lost answer neither conflicts nor writes twice.
 */
export class DynamoSystemConfigRepository implements SystemConfigRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async put(params: PutSystemConfigParams, options?: CallOptions): Promise<SystemConfig> {
    const { key, expectedVersion } = params
    checkPut(params)
    for (let lap = 1; lap <= MAX_LAPS; lap += 1) {
      if (lap > 1)
        await pause(backoffDelayMs(lap, `${key}\n${params.updatedBy}`, LAP_BACKOFF), options?.signal)
      const newest = await this.find({ key }, options)
      const currentVersion = newest?.version ?? 0
      const repeated = await this.#findRepeated(params, newest, options)
      if (repeated !== null) return repeated
      if (expectedVersion !== undefined && expectedVersion !== currentVersion) {
        throw versionConflict(key, expectedVersion, currentVersion)
      }
      if (newest === null) await this.#enterDirectory(key, options)
      const next = versionOf(params, currentVersion + 1)
      if (await this.#putVersion(next, options)) return next
    }
    throw contention(key)
  }

  async find(params: Readonly<{ key: string }>, options?: CallOptions): Promise<SystemConfig | null> {
    const page = await this.#queryVersions(
      { key: params.key, page: { limit: 1 }, order: 'descending' },
      options,
    )
    return page.items[0] ?? null
  }

  async list(params: PageParams, options?: CallOptions): Promise<Page<SystemConfig>> {
    const page = await queryItems(
      { ...params, connection: this.#connection, table, partition: DIRECTORY_PARTITION },
      options,
    )
    const keys = page.items.map((item) => configDirectoryItem.decode(item).key)
    const items: SystemConfig[] = []
    for (const chunk of chunkBySize(keys, () => 0, { maxCount: CONCURRENT_READS, maxBytes: 0 })) {
      const found = await Promise.all(chunk.map((key) => this.find({ key }, options)))
      items.push(...found.filter((config) => config !== null))
    }
    return { items, nextCursor: page.nextCursor }
  }

  async listChanges(
    params: Readonly<{ key: string; afterVersion: number } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SystemConfig>> {
    const { key, afterVersion, ...page } = params
    checkVersion('afterVersion', afterVersion)
    const range = { from: versionKey.build({ version: afterVersion + 1 }), to: LAST_VERSION }
    return this.#queryVersions({ key, page, range, order: 'ascending' }, options)
  }

  async listHistory(
    params: Readonly<{ key: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SystemConfig>> {
    const { key, ...page } = params
    return this.#queryVersions({ key, page, order: 'descending' }, options)
  }

  async #queryVersions(
    params: Readonly<{ key: string; page: PageParams } & Pick<QueryItemsParams, 'range' | 'order'>>,
    options: CallOptions | undefined,
  ): Promise<Page<SystemConfig>> {
    const { key, page, ...part } = params
    checkKey(key)
    const partition = parameterKey.build({ key })
    const found = await queryItems(
      { ...page, ...part, connection: this.#connection, table, partition },
      options,
    )
    return { items: found.items.map((item) => systemConfigItem.decode(item)), nextCursor: found.nextCursor }
  }

  /** The version that this very put made earlier, when its answer was lost or its caller tries again. */
  async #findRepeated(
    params: PutSystemConfigParams,
    newest: SystemConfig | null,
    options: CallOptions | undefined,
  ): Promise<SystemConfig | null> {
    if (newest === null) return null
    const version = params.expectedVersion === undefined ? newest.version : params.expectedVersion + 1
    if (version > newest.version) return null
    const stored = version === newest.version ? newest : await this.#findVersion(params.key, version, options)
    if (stored === null) return null
    const wanted = systemConfigItem.encode(versionOf(params, version))
    return isDeepStrictEqual(systemConfigItem.encode(stored), wanted) ? stored : null
  }

  async #findVersion(
    key: string,
    version: number,
    options: CallOptions | undefined,
  ): Promise<SystemConfig | null> {
    const itemKey = { pk: parameterKey.build({ key }), sk: versionKey.build({ version }) }
    const item = await getItem({ connection: this.#connection, table, key: itemKey }, options)
    return item === null ? null : systemConfigItem.decode(item)
  }

  async #enterDirectory(key: string, options: CallOptions | undefined): Promise<void> {
    const item = configDirectoryItem.encode({ key })
    await putItemIfAbsent({ connection: this.#connection, table, item }, options)
  }

  async #putVersion(config: SystemConfig, options: CallOptions | undefined): Promise<boolean> {
    const item = systemConfigItem.encode(config)
    return putItemIfAbsent({ connection: this.#connection, table, item }, options)
  }
}

function versionOf(params: PutSystemConfigParams, version: number): SystemConfig {
  const { key, setting, updatedBy, now } = params
  return { key, setting, version, updatedAt: now, updatedBy }
}

/** Refuses bad input before anything is read or written. */
function checkPut(params: PutSystemConfigParams): void {
  const { expectedVersion } = params
  systemConfigItem.encode(versionOf(params, 1))
  if (expectedVersion !== undefined) checkVersion('expectedVersion', expectedVersion)
}

function checkVersion(path: string, version: number): void {
  if (Number.isSafeInteger(version) && version >= 0) return
  throw new StorageError({
    code: 'invalid_input',
    message: `${path}: ${showValue(version)} must be a whole number from 0`,
    details: { path },
  })
}

function checkKey(key: string): void {
  const parsed = configKeySchema.safeParse(key)
  if (parsed.success) return
  throw new StorageError({
    code: 'invalid_input',
    message: `key: ${showValue(key)} ${parsed.error.issues[0]?.message ?? 'is not valid'}`,
    details: { path: 'key' },
  })
}

function versionConflict(key: string, expectedVersion: number, currentVersion: number): StorageError {
  const found = currentVersion === 0 ? 'does not exist (version 0)' : `is at version ${currentVersion}`
  return new StorageError({
    code: 'conflict',
    message: `configuration ${key} ${found}, not at the expected version ${expectedVersion}`,
    details: { key, currentVersion, expectedVersion },
  })
}

function contention(key: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `configuration ${key}: other writers won ${MAX_LAPS} times in a row`,
    retryable: true,
    details: { key },
  })
}
