import {
  instantSchema,
  weightCycleSchema,
  type CallOptions,
  type CycleScope,
  type WeightCycle,
  type WeightCycleRepository,
} from '@subnetkit/core'

import { insertRows } from '../query/insert-rows.ts'
import { readPage, type PageKey } from '../query/read-page.ts'
import { readAll, readOne } from '../query/read-rows.ts'
import { checkParam } from './check-param.ts'
import { cycleCondition, cycleScopeCondition } from './cycle-scope-condition.ts'
import { signalOf, type Condition } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { MAX_PARAMETER_BYTES, textChunks } from './text-chunks.ts'
import { weightCyclePlaceRow, weightCycleRow, type WeightCyclePlace } from './weight-cycle-rows.ts'

const INSTANT = "DateTime64(3, 'UTC')"

const newestFirst: readonly PageKey<WeightCyclePlace>[] = [
  { field: 'createdAt', column: 'created_at', type: INSTANT, direction: 'desc' },
  { field: 'cycleId', column: 'cycle_id', type: 'String', direction: 'desc' },
]

/**
 * Weight cycles in `weight_cycles`. Lists find the places of cycles first and read whole cycles after that: the vectors
 * of weights are nearly all of the table, and sorting must not touch them.
 */
export function createClickHouseWeightCycleRepository({
  connection,
  version,
}: RepositoryContext): WeightCycleRepository {
  /** Whole cycles in the order of their places. */
  const readCycles = async (
    scope: CycleScope,
    places: readonly WeightCyclePlace[],
    options: CallOptions | undefined,
  ): Promise<readonly WeightCycle[]> => {
    const { where, params } = cycleScopeCondition(scope)
    const cycles: WeightCycle[] = []
    const ids = places.map(({ cycleId }) => cycleId)
    for (const cycleIds of textChunks(ids, MAX_PARAMETER_BYTES)) {
      const found = await readAll(connection, weightCycleRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where} AND cycle_id IN {cycleIds:Array(String)}`,
        params: { ...params, cycleIds },
        ...signalOf(options),
      })
      for (const cycle of found) cycles.push(cycle)
    }
    const byId = new Map(cycles.map((cycle) => [cycle.cycleId, cycle]))
    return places.flatMap(({ cycleId }) => byId.get(cycleId) ?? [])
  }
  return {
    async put({ cycle }, options) {
      await insertRows(connection, weightCycleRow, [cycle], { version, ...signalOf(options) })
    },
    async find(key, options) {
      const { where, params } = cycleCondition(key)
      const sql = `SELECT {columns} FROM {table} WHERE ${where} LIMIT 1`
      return readOne(connection, weightCycleRow, { sql, params, ...signalOf(options) })
    },
    async findLatest({ states, ...scope }, options) {
      for (const state of states ?? []) checkParam('states', weightCycleSchema.shape.state, state)
      const { where, params } = cycleScopeCondition(scope)
      const place = await readOne(connection, weightCyclePlaceRow, {
        sql: `SELECT {columns} FROM {table} WHERE ${where}${states === undefined ? '' : ' AND state IN {states:Array(String)}'}
ORDER BY created_at DESC, cycle_id DESC LIMIT 1`,
        params: { ...params, ...(states === undefined ? {} : { states }) },
        ...signalOf(options),
      })
      const [cycle] = place === null ? [] : await readCycles(scope, [place], options)
      return cycle ?? null
    },
    async list({ from, to, limit, cursor = null, ...scope }, options) {
      const places = await readPage(connection, weightCyclePlaceRow, {
        ...createdCondition(cycleScopeCondition(scope), { from, to }),
        orderBy: newestFirst,
        limit,
        cursor,
        ...signalOf(options),
      })
      return { items: await readCycles(scope, places.items, options), nextCursor: places.nextCursor }
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
