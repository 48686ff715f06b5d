import { StorageError } from '@subnetkit/core'

import { NumberValue, type Item } from '../codecs/item.ts'
import { keyNames, type TableSpec } from '../tables/table-spec.ts'

/** The key attributes of an item. @throws StorageError `invalid_input` when one is missing. */
export function keyOf(table: TableSpec, item: Item): Item {
  const entries = keyNames(table).map((name) => {
    const value = item[name]
    if (value === undefined) {
      throw new StorageError({
        code: 'invalid_input',
        message: `an item of ${table.name} lacks its key attribute ${name}`,
        details: { field: name },
      })
    }
    return [name, value] as const
  })
  return Object.fromEntries(entries)
}

/** A key as text, equal exactly when DynamoDB holds two keys for the same: to find doubles and match leftovers. */
export function keyText(table: TableSpec, item: Item): string {
  const partition = item[table.partitionKey.name]
  const sort = table.sortKey === null ? '' : item[table.sortKey.name]
  // The usual kind, without the cost of JSON; the length keeps two texts from running into each other.
  if (typeof partition === 'string' && typeof sort === 'string') {
    return `${table.name} ${partition.length} ${partition}${sort}`
  }
  return JSON.stringify([table.name, ...Object.values(keyOf(table, item)).map(valueText)])
}

function valueText(value: unknown): string {
  if (value instanceof NumberValue) return `N:${canonicalNumber(value.value)}`
  if (typeof value === 'number' || typeof value === 'bigint') return `N:${canonicalNumber(`${value}`)}`
  if (value instanceof Uint8Array) return `B:${Buffer.from(value).toString('base64')}`
  return `S:${String(value)}`
}

/** `1`, `1.0`, `10e-1` are one number to DynamoDB: written as digits and a power of ten. */
function canonicalNumber(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const trimmed = digits.replace(/0+$/, '')
  if (trimmed === '') return '0'
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`
}
