import { StorageError, type CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { acquireLease, releaseLease, renewLease, type LeaseTarget } from '../leases/lease.ts'
import { isLeasedBy, leaseAttributeNames } from '../leases/lease-changes.ts'
import { getItem } from '../requests/get-item.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { importShardsTable as table } from '../tables/import-shards-table.ts'
import { importShardItem, shardKey, shardLease, sourceKey, type ImportShard } from './import-shard-items.ts'
import type { ShardCounts, ShardLedger, ShardOf, ShardOwner } from './shard-ledger.ts'

/**
 * The ledger in DynamoDB. A shard enters it once (put if absent), is taken and renewed as a lease, and is finished by
 * one write that stores the outcome and ends the lease: a crash before it leaves a lease that runs out, and a shard
 * that the next run takes anew.
 */
export function createDynamoShardLedger(connection: DynamoConnection): ShardLedger {
  const targetOf = ({ source, shard }: ShardOf): LeaseTarget => ({
    connection,
    table,
    key: { pk: sourceKey.build({ source }), sk: shardKey.build({ shard: shard.key }) },
    attributes: shardLease,
  })
  return {
    async take(params, options) {
      const { source, shard, owner, token, leaseMs, now } = params
      const target = targetOf(params)
      const item = importShardItem.encode({
        source,
        shard: shard.key,
        etag: null,
        counts: null,
        finishedAt: null,
      })
      if (!(await putItemIfAbsent({ connection, table, item }, options))) {
        if (isDone(await find(target, options), shard.etag)) return 'done'
      }
      const grant = { owner, token, expiresAt: new Date(now.getTime() + leaseMs) }
      const leased = await acquireLease({ ...target, grant, now }, options)
      if (leased === null) return 'taken_by_other'
      if (!isDone(importShardItem.decode(leased), shard.etag)) return 'taken_by_us'
      await releaseLease({ ...target, token, now }, options)
      return 'done'
    },

    async heartbeat(params, options) {
      const { token, leaseMs, now } = params
      const expiresAt = new Date(now.getTime() + leaseMs)
      const renewed = await renewLease({ ...targetOf(params), token, expiresAt, now }, options)
      if (renewed === null) throw lost(params)
    },

    async finish(params, options) {
      const { token, shard, counts, now } = params
      const set = outcomeItem(shard.etag, counts, now)
      const finished = await updateItemIf(
        {
          ...targetOf(params),
          change: { set, remove: leaseAttributeNames(shardLease) },
          condition: isLeasedBy(shardLease, token),
        },
        options,
      )
      if (finished !== null) return
      // The answer of a write that went through may have been lost on its way here.
      const found = await find(targetOf(params), options)
      const wasOurs = found?.finishedAt?.getTime() === now.getTime() && found.etag === shard.etag
      if (!wasOurs) throw lost(params)
    },

    async release(params, options) {
      await releaseLease({ ...targetOf(params), token: params.token, now: params.now }, options)
    },
  }
}

async function find(target: LeaseTarget, options: CallOptions | undefined): Promise<ImportShard | null> {
  const item = await getItem(target, options)
  return item === null ? null : importShardItem.decode(item)
}

function isDone(entry: ImportShard | null, etag: string): boolean {
  return entry !== null && entry.etag === etag && entry.counts?.failed === 0
}

function outcomeItem(etag: string, counts: ShardCounts, now: Date): Item {
  const whole = { source: '-', shard: '-', etag, counts, finishedAt: now }
  const { etag: tag, counts: encoded, finishedAt } = importShardItem.encode(whole)
  return { etag: tag, counts: encoded, finishedAt }
}

function lost(params: ShardOf & ShardOwner): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `shard ${params.shard.key} is not held by ${params.owner} any more: another import took it over`,
    details: { shard: params.shard.key, reason: 'lease_lost' },
  })
}
