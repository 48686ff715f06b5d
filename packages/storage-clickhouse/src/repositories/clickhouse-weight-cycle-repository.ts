import {
  instantSchema,
  weightCycleSchema,
  type CallOptions,
  type CycleScope,
  type WeightCycleRepository,
  type WeightCycleSummary,
} from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readPage, type PageKey } from '../query/read-page.ts'
import { readAll, readOne } from '../query/read-rows.ts'
import { checkParam } from './check-param.ts'
import { cycleCondition, cycleScopeCondition } from './cycle-scope-condition.ts'
import { signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { MAX_PARAMETER_BYTES, textChunks } from './text-chunks.ts'
import {
  weightCyclePlaceRow,
  weightCycleRow,
  weightCycleSummaryRow,
  type WeightCyclePlace,
} from './weight-cycle-rows.ts'

const INSTANT = "DateTime64(3, 'UTC')"

const newestFirst: readonly PageKey<WeightCyclePlace>[] = [
  { field: 'createdAt', column: 'created_at', type: INSTANT, direction: 'desc' },
  { field: 'cycleId', column: 'cycle_id', type: 'String', direction: 'desc' },
]

/**
 * Weight cycles in `weight_cycles`. Lists find the places of cycles first and read what they show of each after that:
 * sorting must not touch steps, and nothing but `find` touches the vectors of weights, which are nearly all of the table.
 */
export function createClickHouseWeightCycleRepository({
  connection,
  version,
}: RepositoryContext): WeightCycleRepository {
  const find: WeightCycleRepository['find'] = async (key, options) => {
    const { where, params } = cycleCondition(key)
    const sql = `SELECT {columns} FROM {table} WHERE ${where} LIMIT 1`
    return readOne(connection, weightCycleRow, { sql, params, ...signalOf(options) })
  }
  /** In the order of their places. */
  const readSummaries = async (
    scope: CycleScope,
    places: readonly WeightCyclePlace[],
    options: CallOptions | undefined,
  ): Promise<readonly WeightCycleSummary[]> => {
    const { where, params } = cycleScopeCondition(scope)
    const byId = new Map<string, WeightCycleSummary>()
    const ids = places.map(({ cycleId }) => cycleId)
    for (const cycleIds of textChunks(ids, MAX_PARAMETER_BYTES)) {
      const found = await readAll(connection, weightCycleSummaryRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where} AND cycle_id IN {cycleIds:Array(String)}`,
        params: { ...params, cycleIds },
        ...signalOf(options),
      })
      for (const cycle of found) byId.set(cycle.cycleId, cycle)
    }
    return places.flatMap(({ cycleId }) => byId.get(cycleId) ?? [])
  }
  return {
    async put({ cycle }, options) {
      await insertRows(connection, weightCycleRow, [cycle], { version, ...signalOf(options) })
    },
    find,
    async findLatest({ states, ...scope }, options) {
      for (const state of states ?? []) checkParam('states', weightCycleSchema.shape.state, state)
      const { where, params } = cycleScopeCondition(scope)
      const place = await readOne(connection, weightCyclePlaceRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where}${states === undefined ? '' : ' AND state IN {states:Array(String)}'}
ORDER BY created_at DESC, cycle_id DESC LIMIT 1`,
        params: { ...params, ...(states === undefined ? {} : { states }) },
        ...signalOf(options),
      })
      return place === null ? null : find({ ...scope, cycleId: place.cycleId }, options)
    },
    async listSummaries({ from, to, limit, cursor = null, ...scope }, options) {
      const places = await readPage(connection, weightCyclePlaceRow, {
        ...createdCondition(cycleScopeCondition(scope), { from, to }),
        orderBy: newestFirst,
        limit,
        cursor,
        ...signalOf(options),
      })
      return { items: await readSummaries(scope, places.items, options), nextCursor: places.nextCursor }
    },
  }
}

/** Those created within [from, to). */
function createdCondition(
  { where, params }: Condition,
  { from, to }: { readonly from: Date | undefined; readonly to: Date | undefined },
): Condition {
  const bounds = [
    { name: 'from', sign: '>=', instant: from },
    { name: 'to', sign: '<', instant: to },
  ]
  return bounds.reduce<Condition>(
    (condition, { name, sign, instant }) => {
      if (instant === undefined) return condition
      checkParam(name, instantSchema, instant)
      return {
        where: `${condition.where} AND created_at ${sign} {${name}:${INSTANT}}`,
        params: { ...condition.params, [name]: instant },
      }
    },
    { where, params },
  )
}
