import { NumberValue, type Item } from './item.ts'

/** DynamoDB's limit on one item, attribute names included, in bytes. */
export const MAX_ITEM_BYTES = 400 * 1024

const ITEM_OVERHEAD_BYTES = 3
const MEMBER_OVERHEAD_BYTES = 1

/**
 * The size of an item as DynamoDB counts it, in bytes: names and texts as UTF-8, numbers by digit pairs, containers 3
 * bytes plus 1 for each member. An upper estimate by a few bytes, so that a guard refuses before the server does.
 */
export function itemSize(item: Item): number {
  return sizeOf(item) - ITEM_OVERHEAD_BYTES
}

function sizeOf(value: unknown): number {
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (value instanceof Uint8Array) return value.byteLength
  if (typeof value === 'number' || typeof value === 'bigint') return numberSize(`${value}`)
  if (value instanceof NumberValue) return numberSize(value.value)
  if (Array.isArray(value) || value instanceof Set) return sumOf([...value].map(sizeOf))
  if (typeof value !== 'object') return 0
  return sumOf(Object.entries(value).map(([name, member]) => Buffer.byteLength(name) + sizeOf(member)))
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size + MEMBER_OVERHEAD_BYTES, ITEM_OVERHEAD_BYTES)
}

function numberSize(text: string): number {
  return Math.ceil(text.replaceAll(/[^0-9]/g, '').length / 2) + 2
}
