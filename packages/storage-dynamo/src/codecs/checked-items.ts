import type { Item } from './item.ts'

const checked = new WeakSet<object>()

/**
 * Remembers that an item was judged storable and small enough, so that it is not looked through again on its way out.
 * It is frozen, so that it stays what was judged; bytes and lists inside it belong to the codec that made them.
 */
export function rememberChecked(item: Item): Item {
  checked.add(Object.freeze(item))
  return item
}

/** Whether this very object was judged before. */
export function isChecked(value: object): boolean {
  return checked.has(value)
}
