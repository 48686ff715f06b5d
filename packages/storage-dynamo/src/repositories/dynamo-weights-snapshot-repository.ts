import {
  checkNotFuture,
  otherSnapshot,
  requireSameSnapshot,
  topMinerOf,
  uuidSchema,
  weightsSnapshotSchema,
  type CallOptions,
  type WeightsSnapshot,
  type WeightsSnapshotRepository,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { getItem } from '../requests/get-item.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { weightsHistoryTable as table } from '../tables/weights-history-table.ts'
import {
  SNAPSHOT_PARTITION,
  snapshotKey,
  snapshotPlaceItem,
  snapshotPlaceKey,
  weightsSnapshotItem,
  type SnapshotPlace,
} from './weights-snapshot-items.ts'

/**
 * Snapshots in DynamoDB: the item that settles an id's time first, then the snapshot, each put if absent. A crash between
 * leaves an id with a time, which the same put again completes.
 */
export class DynamoWeightsSnapshotRepository implements WeightsSnapshotRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async put(
    params: Readonly<{ snapshot: WeightsSnapshot; now: Date }>,
    options?: CallOptions,
  ): Promise<void> {
    const { snapshot, now } = params
    checkInput(weightsSnapshotSchema, snapshot, 'snapshot')
    checkNotFuture('timestamp', snapshot.timestamp, now)
    const target = { connection: this.#connection, table }
    const item = weightsSnapshotItem.encode(snapshot)
    const { id, timestamp } = snapshot
    const place = snapshotPlaceItem.encode({ id, timestamp })
    if (!(await putItemIfAbsent({ ...target, item: place }, options))) {
      const stands = (await this.#findPlace(id, options)) ?? snapshot
      if (stands.timestamp.getTime() !== timestamp.getTime()) throw otherSnapshot(id)
    }
    if (await putItemIfAbsent({ ...target, item }, options)) return
    const stored = await getItem({ ...target, key: snapshotKey(snapshot) }, options)
    if (stored !== null) requireSameSnapshot(weightsSnapshotItem.decode(stored), snapshot)
  }

  async find(params: Readonly<{ id: string }>, options?: CallOptions): Promise<WeightsSnapshot | null> {
    checkInput(uuidSchema, params.id, 'id')
    const place = await this.#findPlace(params.id, options)
    if (place === null) return null
    const target = { connection: this.#connection, table, key: snapshotKey(place) }
    const item = await getItem(target, options)
    return item === null ? null : weightsSnapshotItem.decode(item)
  }

  async findLatest(options?: CallOptions): Promise<WeightsSnapshot | null> {
    const page = await queryItems(
      { connection: this.#connection, table, partition: SNAPSHOT_PARTITION, order: 'descending', limit: 1 },
      options,
    )
    const [item] = page.items
    return item === undefined ? null : weightsSnapshotItem.decode(item)
  }

  async findTopMiner(options?: CallOptions): Promise<string | null> {
    return topMinerOf((await this.findLatest(options))?.minerWeights ?? [])
  }

  async #findPlace(id: string, options: CallOptions | undefined): Promise<SnapshotPlace | null> {
    const item = await getItem({ connection: this.#connection, table, key: snapshotPlaceKey(id) }, options)
    return item === null ? null : snapshotPlaceItem.decode(item)
  }
}
