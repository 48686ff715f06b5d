import {
  hotkeySchema,
  modelRevisionSchema,
  type CallOptions,
  type Page,
  type PageParams,
  type RetentionPolicy,
  type RetentionPolicyRepository,
  type RetentionSubject,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { getItem } from '../requests/get-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { updateItem, type ItemChange } from '../requests/update-item.ts'
import { dataRetentionPolicyTable as table } from '../tables/data-retention-policy-table.ts'
import {
  readRetentionPolicy,
  retentionPartition,
  retentionPolicyItem,
  retentionSort,
} from './retention-policy-items.ts'

/**
 * Retention policies in DynamoDB. Each change is one idempotent update of one item: nothing can be cut in two, and
 * writers at the same time cannot lose each other's fields.
 */
export class DynamoRetentionPolicyRepository implements RetentionPolicyRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async protect(
    params: RetentionSubject & Readonly<{ because: string; now: Date }>,
    options?: CallOptions,
  ): Promise<RetentionPolicy> {
    const { because, now } = params
    const { protectedBecause, protectedSince, ...rest } = attributesOf(params, {
      protectedBecause: because,
      protectedSince: now,
    })
    const change = { set: { ...rest, protectedBecause }, setIfAbsent: { protectedSince } }
    return this.#update(params, change, options)
  }

  async unprotect(
    params: RetentionSubject & Readonly<{ now: Date }>,
    options?: CallOptions,
  ): Promise<RetentionPolicy> {
    const remove = ['protectedBecause', 'protectedSince']
    return this.#update(params, { set: attributesOf(params, {}), remove }, options)
  }

  async recordCleanup(
    params: RetentionSubject & Readonly<{ now: Date }>,
    options?: CallOptions,
  ): Promise<RetentionPolicy> {
    return this.#update(params, { set: attributesOf(params, { lastCleanupAt: params.now }) }, options)
  }

  async find(params: RetentionSubject, options?: CallOptions): Promise<RetentionPolicy | null> {
    const item = await getItem({ connection: this.#connection, table, key: keyOf(params) }, options)
    return item === null ? null : readRetentionPolicy(item)
  }

  async list(
    params: Readonly<{ minerHotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<RetentionPolicy>> {
    const { minerHotkey, ...page } = params
    checkInput(hotkeySchema, minerHotkey, 'minerHotkey')
    const partition = retentionPartition.build({ minerHotkey })
    const found = await queryItems({ ...page, connection: this.#connection, table, partition }, options)
    return { items: found.items.map(readRetentionPolicy), nextCursor: found.nextCursor }
  }

  async #update(
    subject: RetentionSubject,
    change: ItemChange,
    options: CallOptions | undefined,
  ): Promise<RetentionPolicy> {
    const key = keyOf(subject)
    return readRetentionPolicy(
      await updateItem({ connection: this.#connection, table, key, change }, options),
    )
  }
}

function keyOf(subject: RetentionSubject): { pk: string; sk: string } {
  const { minerHotkey, modelRevision } = subject
  checkInput(hotkeySchema, minerHotkey, 'minerHotkey')
  checkInput(modelRevisionSchema, modelRevision, 'modelRevision')
  return { pk: retentionPartition.build({ minerHotkey }), sk: retentionSort.build({ modelRevision }) }
}

/** The attributes that a change sets, encoded and checked; keys and nulls are left out. */
function attributesOf(
  subject: RetentionSubject & Readonly<{ now: Date }>,
  fields: Partial<RetentionPolicy>,
): Item {
  const { minerHotkey, modelRevision, now } = subject
  const nothing = { protectedBecause: null, protectedSince: null, lastCleanupAt: null }
  const item = retentionPolicyItem.encode({
    minerHotkey,
    modelRevision,
    ...nothing,
    updatedAt: now,
    ...fields,
  })
  const isKey = (name: string): boolean => name === table.partitionKey.name || name === table.sortKey?.name
  return Object.fromEntries(Object.entries(item).filter(([name, value]) => value !== null && !isKey(name)))
}
