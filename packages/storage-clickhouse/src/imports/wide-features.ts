import { InputError, type ImportFileParams } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { tableName } from '../query/table-name.ts'
import type { StagedCheck } from './check-staged-rows.ts'
import { isMissing } from './import-plan.ts'

/** Lists that published feature files carry; Parquet keeps them as a type of their own. */
export const listFeatures: ReadonlySet<string> = new Set(['hourly_activity', 'daily_activity'])

/** Columns that are text even where a value looks like a number: an asset may be called 1INCH or NAN. */
const textFeatures: ReadonlySet<string> = new Set(['dominant_asset_in', 'dominant_asset_out'])

const FEATURE_NAME = /^[a-z][a-z0-9_]{0,123}$/
const MAX_LIST = 1_000

/** What a column of a wide file holds. */
export type WideColumnType = 'number' | 'list' | 'text' | 'empty'

/** A column of a wide file that becomes features. */
export interface WideColumn {
  readonly source: number
  readonly name: string
  readonly type: WideColumnType
}

/** The columns of the file that become features, before their content is known. */
export function wideColumns(
  { sourceColumns, fileName }: ImportFileParams,
  isTaken: (source: number) => boolean,
): readonly Omit<WideColumn, 'type'>[] {
  const columns = sourceColumns
    .map((name, source) => ({ name, source }))
    .filter(({ source, name }) => !isTaken(source) && !name.startsWith('_'))
  for (const { name } of columns) {
    if (FEATURE_NAME.test(name)) continue
    throw new InputError({
      field: `${fileName}: header`,
      value: name,
      problem: 'is not a feature name',
      hint: 'rename the column: a lower-case letter, then up to 123 lower-case letters, digits or _',
    })
  }
  return columns
}

const text = (source: number): string => `assumeNotNull(c${source})`
const isTrue = (value: string): string => `lower(${value}) = 'true'`
const isBool = (value: string): string => `lower(${value}) IN ('true', 'false')`
const toNumber = (value: string): string =>
  `if(${isBool(value)}, toFloat64(${isTrue(value)}), toFloat64OrNull(${value}))`
const looksLikeList = (value: string): string => `(startsWith(${value}, '[') AND endsWith(${value}, ']'))`
const items = (value: string): string =>
  `arrayMap(item -> trimBoth(replaceAll(item, '"', '')), JSONExtractArrayRaw(${value}))`

const countsRow = rowReader({
  label: 'what the columns hold',
  schema: z.strictObject({ present: z.array(z.int()), numbers: z.array(z.int()), lists: z.array(z.int()) }),
  columns: {
    present: column.array(column.uint64Number()),
    numbers: column.array(column.uint64Number()),
    lists: column.array(column.uint64Number()),
  },
})

/**
 * Says for each column what it holds: lists where a value is one, numbers where at least half of the values are, else
 * text. Values that do not fit the type of their column are found by {@link wideChecks}.
 */
export async function classifyColumns(
  connection: ClickHouseConnection,
  table: string,
  columns: readonly Omit<WideColumn, 'type'>[],
  signal?: AbortSignal,
): Promise<readonly WideColumn[]> {
  const count = (condition: (source: number) => string): string =>
    `[${columns.map(({ source }) => `countIf(NOT ${isMissing(source)} AND ${condition(source)})`).join(', ')}]`
  const [counts] = await readAll(connection, countsRow, {
    sql: `SELECT ${count(() => '1')}, ${count((source) => `isNotNull(${toNumber(text(source))})`)}, ${count((source) => looksLikeList(text(source)))}
FROM ${tableName(connection, { table })}`,
    ...(signal === undefined ? {} : { signal }),
  })
  return columns.map((wide, index) => {
    const present = counts?.present[index] ?? 0
    const numbers = counts?.numbers[index] ?? 0
    const lists = counts?.lists[index] ?? 0
    if (present === 0) return { ...wide, type: 'empty' }
    if (textFeatures.has(wide.name)) return { ...wide, type: 'text' }
    if (lists > 0) return { ...wide, type: 'list' }
    return { ...wide, type: numbers * 2 >= present ? 'number' : 'text' }
  })
}

/** The checks that follow from what the columns hold. */
export function wideChecks(columns: readonly WideColumn[]): readonly StagedCheck[] {
  return columns
    .filter(({ type }) => type !== 'empty')
    .map(({ source, type }) => {
      const value = text(source)
      const fits = {
        number: `ifNull(isFinite(${toNumber(value)}), 0)`,
        list: `isValidJSON(${value}) AND length(${items(value)}) <= ${MAX_LIST} AND arrayAll(item -> ifNull(isFinite(${toNumber('item')}), 0), ${items(value)})`,
        text: `isValidUTF8(${value}) AND length(${value}) <= 10000`,
        empty: '1',
      }[type]
      const problem = {
        number: 'is not a finite number',
        list: `is not a list of at most ${MAX_LIST} finite numbers`,
        text: 'is not UTF-8 text of at most 10000 bytes',
        empty: '',
      }[type]
      return {
        source,
        isBad: `NOT ${isMissing(source)} AND NOT (${fits})`,
        problem,
        hint: 'leave a missing value empty; NaN and infinity cannot be stored',
      }
    })
}

/**
 * SELECTs of (address, name, value, metadata), one per kind of column: a missing value is no row, a list becomes
 * numbered names from `_00` on, text stands in the metadata with value 0.
 */
export function wideSelects(
  columns: readonly WideColumn[],
  addressSource: number,
  staged: string,
): readonly string[] {
  const of = (type: WideColumnType): readonly WideColumn[] => columns.filter((wide) => wide.type === type)
  const names = (list: readonly WideColumn[]): string => `[${list.map(({ name }) => `'${name}'`).join(', ')}]`
  const values = (list: readonly WideColumn[], value: (source: number) => string): string =>
    `[${list.map(({ source }) => value(source)).join(', ')}]`
  const present = (source: number): string => `ifNull(c${source}, '')`
  const address = `${text(addressSource)} AS address`
  const numbers = of('number')
  const lists = of('list')
  const texts = of('text')
  return [
    numbers.length === 0
      ? null
      : `SELECT ${address}, name, assumeNotNull(value), '' FROM ${staged}
ARRAY JOIN ${names(numbers)} AS name, ${values(numbers, (source) => toNumber(present(source)))} AS value WHERE isNotNull(value)`,
    lists.length === 0
      ? null
      : `SELECT address, concat(list_name, '_', leftPad(toString(position - 1), greatest(2, length(toString(position - 1))), '0')), assumeNotNull(${toNumber('item')}), ''
FROM (SELECT ${address}, list_name, ${items('list_text')} AS list_items FROM ${staged}
  ARRAY JOIN ${names(lists)} AS list_name, ${values(lists, present)} AS list_text WHERE list_text != '')
ARRAY JOIN list_items AS item, arrayEnumerate(list_items) AS position`,
    texts.length === 0
      ? null
      : `SELECT ${address}, name, 0., metadata FROM ${staged}
ARRAY JOIN ${names(texts)} AS name, ${values(texts, present)} AS metadata WHERE metadata != ''`,
  ].filter((sql) => sql !== null)
}
