import {
  actorSchema,
  banSchema,
  hotkeySchema,
  instantSchema,
  StorageError,
  type Ban,
  type BannedKey,
  type BanRepository,
  type CallOptions,
  type Page,
  type PageParams,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { compare } from '../requests/condition.ts'
import { keyOf } from '../requests/key-text.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { scanItems } from '../requests/scan-items.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { bansTable as table } from '../tables/bans-table.ts'
import { banItem, banPartition } from './ban-items.ts'

const liftSchema = banSchema
  .pick({ subject: true, address: true })
  .extend({ by: actorSchema, now: instantSchema })
const newSchema = liftSchema.extend({ reason: banSchema.shape.reason })
const inForceSchema = z.object({ hotkey: hotkeySchema, coldkey: hotkeySchema.nullable() })

/** Bans in DynamoDB: the newest of a key decides, and the number of the next one is taken by one conditional put. */
export class DynamoBanRepository implements BanRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async ban(
    params: BannedKey & Readonly<{ reason: string; by: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Ban> {
    checkInput(newSchema, params, 'ban')
    const { subject, address, reason, by, now } = params
    for (;;) {
      const newest = await this.#findNewest(params, options)
      if (newest !== null && newest.liftedAt === null) return newest
      const banNum = (newest?.banNum ?? 0) + 1
      const ban = {
        subject,
        address,
        banNum,
        reason,
        since: now,
        bannedBy: by,
        liftedAt: null,
        liftedBy: null,
      }
      const item = banItem.encode(ban)
      // Whoever loses the number finds the winner's ban in force.
      if (await putItemIfAbsent({ connection: this.#connection, table, item }, options)) return ban
    }
  }

  async lift(params: BannedKey & Readonly<{ by: string; now: Date }>, options?: CallOptions): Promise<Ban> {
    checkInput(liftSchema, params, 'lift')
    const { subject, address, by, now } = params
    const newest = await this.#findNewest(params, options)
    if (newest === null) {
      throw new StorageError({
        code: 'not_found',
        message: `${subject} ${address} was never banned`,
        details: { subject, address },
      })
    }
    if (newest.liftedAt !== null) return newest
    const { liftedAt, liftedBy, ...item } = banItem.encode({ ...newest, liftedAt: now, liftedBy: by })
    const lifted = await updateItemIf(
      {
        connection: this.#connection,
        table,
        key: keyOf(table, item),
        change: { set: { liftedAt, liftedBy } },
        condition: compare('liftedAt', '=', null),
      },
      options,
    )
    return lifted === null ? this.lift(params, options) : banItem.decode(lifted)
  }

  async findInForce(
    params: Readonly<{ hotkey: string; coldkey: string | null }>,
    options?: CallOptions,
  ): Promise<Ban | null> {
    checkInput(inForceSchema, params, 'findInForce')
    const { hotkey, coldkey } = params
    const newest = await Promise.all([
      this.#findNewest({ subject: 'hotkey', address: hotkey }, options),
      coldkey === null ? null : this.#findNewest({ subject: 'coldkey', address: coldkey }, options),
    ])
    return newest.find((ban) => ban?.liftedAt === null) ?? null
  }

  async list(params: PageParams, options?: CallOptions): Promise<Page<Ban>> {
    const page = await scanItems({ ...params, connection: this.#connection, table }, options)
    return { items: page.items.map((item) => banItem.decode(item)), nextCursor: page.nextCursor }
  }

  async #findNewest(key: BannedKey, options: CallOptions | undefined): Promise<Ban | null> {
    const partition = banPartition(key)
    const query = { connection: this.#connection, table, partition, order: 'descending', limit: 1 } as const
    const [item] = (await queryItems(query, options)).items
    return item === undefined ? null : banItem.decode(item)
  }
}
