import type { ItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import type { TableSpec } from '../tables/table-spec.ts'

/** An item of one kind that a check may write, read and remove. */
export interface StoreProbe {
  /** As a person knows it: `sample`, `miner`, `scoreSnapshot`. */
  readonly kind: string
  readonly table: TableSpec
  readonly item: Item
  /** What the repository makes of an item; equal before and after the store, or the store changed it. */
  readonly read: (item: Item) => unknown
}

/** A probe of a kind that one codec keeps. */
export function probe<Model>(table: TableSpec, codec: ItemCodec<Model>, model: Model): StoreProbe {
  return { kind: codec.name, table, item: codec.encode(model), read: (item) => codec.decode(item) }
}
