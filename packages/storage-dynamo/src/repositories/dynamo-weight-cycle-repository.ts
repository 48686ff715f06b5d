import {
  contentIdSchema,
  hotkeySchema,
  instantSchema,
  netuidSchema,
  summariseWeightCycle,
  weightCycleSchema,
  weightCycleStates,
  type CallOptions,
  type CycleScope,
  type Page,
  type PageParams,
  type WeightCycle,
  type WeightCycleRepository,
  type WeightCycleState,
  type WeightCycleSummary,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkInput } from '../codecs/check-input.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { getItem } from '../requests/get-item.ts'
import { putItem, putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems, streamItems } from '../requests/query-items.ts'
import { weightCyclesTable as table } from '../tables/weight-cycles-table.ts'
import {
  cycleKey,
  cyclePartition,
  cyclePlaceItem,
  cyclePlaceKey,
  summaryAttributes,
  timeBounds,
  weightCycleItem,
  weightCycleSummaryItem,
  type CyclePlace,
} from './weight-cycle-items.ts'

const scope = { netuid: netuidSchema, validatorHotkey: hotkeySchema }
const findParams = z.object({ ...scope, cycleId: contentIdSchema })
const latestParams = z.object({ ...scope, states: z.array(z.enum(weightCycleStates)).readonly().optional() })
const listParams = z.object({ ...scope, from: instantSchema.optional(), to: instantSchema.optional() })

/** Cycles are large; the one that is looked for is nearly always the first. */
const SEARCH_PAGE = 5

/**
 * Weight cycles in DynamoDB: what a validator acts by. The item that finds a cycle by its id is written before the
 * cycle: a crash between leaves one that leads nowhere, which the same `put` again completes.
 */
export class DynamoWeightCycleRepository implements WeightCycleRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async put({ cycle }: Readonly<{ cycle: WeightCycle }>, options?: CallOptions): Promise<void> {
    checkInput(weightCycleSchema, cycle, 'cycle')
    const target = { connection: this.#connection, table }
    const { netuid, validatorHotkey, cycleId, createdAt } = cycle
    const place = { netuid, validatorHotkey, cycleId, createdAt }
    const isFirst = await putItemIfAbsent({ ...target, item: cyclePlaceItem.encode(place) }, options)
    // Prepared twice, it keeps the place of the first time: one cycle never stands in two.
    const stands = isFirst ? place : await this.#placeOf(cycle, options)
    const item = weightCycleItem.encode(stands === null ? cycle : { ...cycle, createdAt: stands.createdAt })
    await putItem({ ...target, item }, options)
  }

  async find(
    params: CycleScope & Readonly<{ cycleId: string }>,
    options?: CallOptions,
  ): Promise<WeightCycle | null> {
    checkInput(findParams, params, 'find')
    const place = await this.#placeOf(params, options)
    if (place === null) return null
    const item = await getItem({ connection: this.#connection, table, key: cycleKey(place) }, options)
    return item === null ? null : weightCycleItem.decode(item)
  }

  async findLatest(
    params: CycleScope & Readonly<{ states?: readonly WeightCycleState[] }>,
    options?: CallOptions,
  ): Promise<WeightCycle | null> {
    checkInput(latestParams, params, 'findLatest')
    const { states } = params
    const items = streamItems({ ...this.#query(params), pageSize: SEARCH_PAGE }, options)
    for await (const item of items) {
      const cycle = weightCycleItem.decode(item)
      if (states === undefined || states.includes(cycle.state)) return cycle
    }
    return null
  }

  async listSummaries(
    params: CycleScope & Readonly<{ from?: Date; to?: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<WeightCycleSummary>> {
    const { limit, cursor = null, ...query } = params
    checkInput(listParams, query, 'listSummaries')
    const range = timeBounds(query)
    if (range.from > range.to) return { items: [], nextCursor: null }
    const shown = { ...this.#query(params), range, attributes: summaryAttributes }
    const page = await queryItems({ ...shown, limit, cursor }, options)
    const items: WeightCycleSummary[] = []
    for (const item of page.items) items.push(await this.#summaryOf(item, options))
    return { items, nextCursor: page.nextCursor }
  }

  /** An item from before the miners with weight were counted is read whole. */
  async #summaryOf(item: Item, options: CallOptions | undefined): Promise<WeightCycleSummary> {
    if ('weightedMiners' in item) return weightCycleSummaryItem.decode(item)
    const key = { pk: item['pk'], sk: item['sk'] }
    const whole = await getItem({ connection: this.#connection, table, key }, options)
    return summariseWeightCycle(weightCycleItem.decode(whole ?? item))
  }

  async #placeOf(
    cycle: Omit<CyclePlace, 'createdAt'>,
    options: CallOptions | undefined,
  ): Promise<CyclePlace | null> {
    const key = cyclePlaceKey(cycle)
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : cyclePlaceItem.decode(item)
  }

  #query(of: CycleScope): Omit<Parameters<typeof queryItems>[0], 'limit' | 'cursor'> {
    return { connection: this.#connection, table, partition: cyclePartition.build(of), order: 'descending' }
  }
}
