import {
  assertOwnScores,
  blockNumberSchema,
  contentIdSchema,
  hotkeySchema,
  isStorageError,
  StorageError,
  type CallOptions,
  type MinerScore,
  type MinerScoreRepository,
  type Page,
  type PageParams,
  type ScoreSnapshot,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { batchGet } from '../requests/batch-get.ts'
import { batchWrite } from '../requests/batch-write.ts'
import { checkLimit } from '../requests/check-limit.ts'
import { absent, anyOf, compare } from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import { keyOf, keyText } from '../requests/key-text.ts'
import { putItem, putItemIfAbsent } from '../requests/put-item.ts'
import { queryFullPage } from '../requests/query-full-page.ts'
import { scoreSnapshotsTable } from '../tables/score-snapshots-table.ts'
import { scoresTable } from '../tables/scores-table.ts'
import { minerScoreItem, scorePartition } from './miner-score-items.ts'
import {
  POINTER_KEY,
  scoreSnapshotItem,
  SNAPSHOT_PARTITION,
  snapshotPointerItem,
  snapshotSortKey,
  type SnapshotPointer,
} from './score-snapshot-items.ts'

const LONG_AGO = new Date(0)

/**
 * Scores in DynamoDB. Publishing is a sequence of idempotent writes: (1) the rows, in a partition of the snapshot's
 * own; (2) the snapshot, put if its block has none, which decides what the block's scores are; (3) the pointer, moved
 * if it names a lower block. Readers begin at a snapshot, so rows without one are never seen: a crash after (1) leaves
 * nothing visible, one after (2) a whole snapshot that is not yet the latest, and the same call again goes on.
 */
export class DynamoMinerScoreRepository implements MinerScoreRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async publish(
    params: Readonly<{ snapshot: ScoreSnapshot; scores: readonly MinerScore[] }>,
    options?: CallOptions,
  ): Promise<Readonly<{ isLatest: boolean }>> {
    const { snapshot, scores } = params
    const item = scoreSnapshotItem.encode(snapshot)
    const rows = scores.map((score) => minerScoreItem.encode(score))
    assertOwnScores(snapshot, scores)
    const earlier = await this.#find(snapshot.blockNumber, LONG_AGO, options)
    if (earlier === null) {
      const writes = rows.map((put) => ({ table: scoresTable, put }))
      await batchWrite({ connection: this.#connection, writes }, options)
      await putItemIfAbsent({ connection: this.#connection, table: scoreSnapshotsTable, item }, options)
    }
    const stored = earlier ?? (await this.#find(snapshot.blockNumber, LONG_AGO, options))
    if (stored?.snapshotId !== snapshot.snapshotId) throw blockTaken(snapshot, stored)
    return { isLatest: await this.#movePointer(snapshot, options) }
  }

  async findLatestSnapshot(
    params: Readonly<{ now: Date }>,
    options?: CallOptions,
  ): Promise<ScoreSnapshot | null> {
    const pointer = await this.#findPointer(options)
    return pointer === null ? null : this.#find(pointer.blockNumber, params.now, options)
  }

  async findSnapshot(
    params: Readonly<{ blockNumber: number; now: Date }>,
    options?: CallOptions,
  ): Promise<ScoreSnapshot | null> {
    return this.#find(params.blockNumber, params.now, options)
  }

  async listSnapshots(
    params: Readonly<{ now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<ScoreSnapshot>> {
    return queryFullPage<ScoreSnapshot>(
      {
        ...params,
        connection: this.#connection,
        table: scoreSnapshotsTable,
        partition: SNAPSHOT_PARTITION,
        order: 'descending',
        read: (items) => Promise.resolve(items.map((item) => scoreSnapshotItem.decode(item))),
      },
      options,
    )
  }

  async list(
    params: Readonly<{ snapshot: Pick<ScoreSnapshot, 'snapshotId' | 'blockNumber'>; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<MinerScore>> {
    const { snapshot, ...page } = params
    const { snapshotId, blockNumber } = snapshot
    checkInput(contentIdSchema, snapshotId, 'snapshotId')
    checkLimit(page.limit, scoresTable.name)
    const published = await this.#find(blockNumber, page.now, options)
    if (published?.snapshotId !== snapshotId) return { items: [], nextCursor: null }
    return queryFullPage<MinerScore>(
      {
        ...page,
        connection: this.#connection,
        table: scoresTable,
        partition: scorePartition.build({ blockNumber, snapshotId }),
        read: (items) => Promise.resolve(items.map((item) => minerScoreItem.decode(item))),
      },
      options,
    )
  }

  async listHistory(
    params: Readonly<{ minerHotkey: string; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<MinerScore>> {
    const { minerHotkey, ...page } = params
    checkInput(hotkeySchema, minerHotkey, 'minerHotkey')
    const [index] = scoresTable.indexes
    return queryFullPage<MinerScore>(
      {
        ...page,
        // An entry of the index has no expiry of its own; the item that it leads to has.
        table: scoresTable,
        connection: this.#connection,
        ...(index === undefined ? {} : { index }),
        partition: minerHotkey,
        order: 'descending',
        read: (entries) => this.#readPublished(entries, page.now, options),
      },
      options,
    )
  }

  /** The scores behind entries of the index, null for those whose snapshot was not published. */
  async #readPublished(
    entries: readonly Item[],
    now: Date,
    options: CallOptions | undefined,
  ): Promise<readonly (MinerScore | null)[]> {
    const places = entries.map((entry) => scorePartition.parse(String(entry['pk'])))
    const sortKeys = [...new Set(places.map(snapshotSortKey.build))]
    const snapshots = await batchGet(
      {
        connection: this.#connection,
        table: scoreSnapshotsTable,
        keys: sortKeys.map((sk) => ({ pk: SNAPSHOT_PARTITION, sk })),
        now,
      },
      options,
    )
    const published = new Set(
      snapshots.flatMap((item) => (item === null ? [] : [scoreSnapshotItem.decode(item).snapshotId])),
    )
    const keys = entries.map((entry) => keyOf(scoresTable, entry))
    const wanted = keys.filter((_, place) => published.has(places[place]?.snapshotId ?? ''))
    const rows = await batchGet(
      { connection: this.#connection, table: scoresTable, keys: wanted, now },
      options,
    )
    const scores = new Map(
      rows.flatMap((row) =>
        row === null ? [] : [[keyText(scoresTable, row), minerScoreItem.decode(row)] as const],
      ),
    )
    return keys.map((key) => scores.get(keyText(scoresTable, key)) ?? null)
  }

  async #find(
    blockNumber: number,
    now: Date,
    options: CallOptions | undefined,
  ): Promise<ScoreSnapshot | null> {
    checkInput(blockNumberSchema, blockNumber, 'blockNumber')
    const key = { pk: SNAPSHOT_PARTITION, sk: snapshotSortKey.build({ blockNumber }) }
    const item = await getItem(
      { connection: this.#connection, table: scoreSnapshotsTable, key, now },
      options,
    )
    return item === null ? null : scoreSnapshotItem.decode(item)
  }

  async #findPointer(options: CallOptions | undefined): Promise<SnapshotPointer | null> {
    const target = { connection: this.#connection, table: scoreSnapshotsTable, now: LONG_AGO }
    const item = await getItem({ ...target, key: POINTER_KEY }, options)
    return item === null ? null : snapshotPointerItem.decode(item)
  }

  /** Whether the pointer names this snapshot afterwards, whoever moved it. */
  async #movePointer(snapshot: ScoreSnapshot, options: CallOptions | undefined): Promise<boolean> {
    const { blockNumber, snapshotId } = snapshot
    const item = snapshotPointerItem.encode({ blockNumber, snapshotId })
    const condition = anyOf(absent('pk'), compare('blockNumber', '<', item['blockNumber']))
    try {
      await putItem({ connection: this.#connection, table: scoreSnapshotsTable, item, condition }, options)
      return true
    } catch (error) {
      if (!isStorageError(error, 'conflict')) throw error
      return (await this.#findPointer(options))?.snapshotId === snapshotId
    }
  }
}

function blockTaken(snapshot: ScoreSnapshot, stored: ScoreSnapshot | null): StorageError {
  const { blockNumber, snapshotId } = snapshot
  return new StorageError({
    code: 'conflict',
    message: `block ${blockNumber} has the snapshot ${stored?.snapshotId ?? 'of another writer'}, not ${snapshotId}: its scores were calculated from other samples or parameters`,
    details: { blockNumber, snapshotId, storedSnapshotId: stored?.snapshotId ?? null },
  })
}
