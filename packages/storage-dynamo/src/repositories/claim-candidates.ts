import type { SampleKey } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { queryItems } from '../requests/query-items.ts'
import { claimableIndex, taskQueueTable as table } from '../tables/task-queue-table.ts'
import { claimPartition, priorityOf, taskPartition, taskShards, taskSort } from './sampling-task-items.ts'

/** A task that the claimable-index names; only the conditional write finds out whether it still is claimable. */
export interface ClaimCandidate {
  /** Of the task: the same in every read. */
  readonly id: string
  readonly itemKey: Item
  readonly key: SampleKey
  /** Sorts by priority, task id and turn. */
  readonly order: string
}

interface Shard {
  readonly partition: string
  /** What was read and not handed on, in order. */
  heads: ClaimCandidate[]
  cursor: string | null
  isAtEnd: boolean
  pageSize: number
}

/** Entries beyond the wanted ones in a first page: most claims need no second one. */
const FIRST_PAGE_SPARE = 4
const LARGEST_PAGE = 1_000

/**
 * The claimable tasks of one environment in the order in which they are handed out, read shard by shard and only as
 * far as somebody asks. A shard that cannot be read is passed over and told by `failure`.
 */
export class ClaimCandidates {
  readonly #connection: DynamoConnection
  readonly #shards: readonly Shard[]
  #failure: unknown = null

  constructor(connection: DynamoConnection, environment: string, wanted: number) {
    this.#connection = connection
    this.#shards = taskShards.map((shard) => ({
      partition: claimPartition.build({ environment, shard }),
      heads: [],
      cursor: null,
      isAtEnd: false,
      pageSize: Math.min(LARGEST_PAGE, Math.ceil(wanted / taskShards.length) + FIRST_PAGE_SPARE),
    }))
  }

  /** Why a shard could not be read; null while all could. */
  get failure(): unknown {
    return this.#failure
  }

  /** The next candidates in order: `count` of them, fewer only at the end of the queue. */
  async next(count: number, now: Date): Promise<readonly ClaimCandidate[]> {
    const found: ClaimCandidate[] = []
    while (found.length < count) {
      await this.#fillShards(now)
      const [first] = this.#shards
        .filter((shard) => shard.heads.length > 0)
        .sort((left, right) => (orderOfHead(left) < orderOfHead(right) ? -1 : 1))
      const head = first?.heads.shift()
      if (head === undefined) return found
      found.push(head)
    }
    return found
  }

  /** Gives every shard that is not at its end at least one head; without that the order would not be known. */
  async #fillShards(now: Date): Promise<void> {
    const dry = this.#shards.filter((shard) => shard.heads.length === 0 && !shard.isAtEnd)
    await Promise.all(dry.map((shard) => this.#fillShard(shard, now)))
  }

  async #fillShard(shard: Shard, now: Date): Promise<void> {
    try {
      while (shard.heads.length === 0 && !shard.isAtEnd) {
        const page = await queryItems({
          connection: this.#connection,
          table,
          index: claimableIndex,
          partition: shard.partition,
          limit: shard.pageSize,
          cursor: shard.cursor,
          now,
        })
        shard.heads = page.items.map(toCandidate)
        shard.cursor = page.nextCursor
        shard.isAtEnd = page.nextCursor === null
        shard.pageSize = Math.min(LARGEST_PAGE, shard.pageSize * 4)
      }
    } catch (error) {
      this.#failure ??= error
      shard.isAtEnd = true
    }
  }
}

function orderOfHead(shard: Shard): string {
  return shard.heads[0]?.order ?? ''
}

/** Whether two candidates have the same priority. */
export function isSamePriority(left: ClaimCandidate, right: ClaimCandidate): boolean {
  return priorityOf(left.order) === priorityOf(right.order)
}

function toCandidate(item: Item): ClaimCandidate {
  const [pk, sk, order] = [item['pk'], item['sk'], item['claimSk']].map(String)
  const key = { ...taskPartition.parse(pk ?? ''), ...taskSort.parse(sk ?? '') }
  return { id: `${pk}\n${sk}`, itemKey: { pk, sk }, key, order: order ?? '' }
}
