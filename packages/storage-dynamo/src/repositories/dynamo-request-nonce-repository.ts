import {
  isStorageError,
  type CallOptions,
  type RequestNonce,
  type RequestNonceRepository,
} from '@subnetkit/core'

import { NumberValue } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { absent, anyOf, compare } from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import { putItem } from '../requests/put-item.ts'
import { sweepExpired, type SweepResult } from '../requests/sweep-expired.ts'
import { requestNoncesTable as table } from '../tables/request-nonces-table.ts'
import { requestNonceItem } from './request-nonce-items.ts'

/** Items that one step of a sweep looks at. */
const SWEEP_STEP = 1_000

/**
 * Nonces in DynamoDB: one conditional put decides. Where it meets an item, that item is read, since it may be the
 * very one that this put stored before its answer was lost.
 */
export class DynamoRequestNonceRepository implements RequestNonceRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async claim(params: Readonly<{ nonce: RequestNonce; now: Date }>, options?: CallOptions): Promise<boolean> {
    const { nonce, now } = params
    const item = requestNonceItem.encode(nonce)
    const second = NumberValue.from(Math.floor(now.getTime() / 1000))
    const isFree = anyOf(absent('pk'), compare('ttl', '<=', second))
    try {
      await putItem({ connection: this.#connection, table, item, condition: isFree }, options)
      return true
    } catch (error) {
      if (!isStorageError(error, 'conflict')) throw error
      const held = await getItem(
        { connection: this.#connection, table, key: { pk: item['pk'] }, now },
        options,
      )
      return held !== null && requestNonceItem.decode(held).admission === nonce.admission
    }
  }

  async sweep(
    params: Readonly<{ now: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ removed: number }>> {
    let removed = 0
    let cursor: string | null = null
    do {
      const step = { connection: this.#connection, table, now: params.now, limit: SWEEP_STEP, cursor }
      const swept: SweepResult = await sweepExpired(step, options)
      removed += swept.removed
      cursor = swept.nextCursor
    } while (cursor !== null)
    return { removed }
  }
}
