import type { V15 } from '@polkadot-api/substrate-bindings'

type Entry = V15['lookup'][number]
type Definition = Entry['def']

/** The types of a small runtime, each by its number, as metadata lists them. */
export class TypeRegistry {
  readonly entries: Entry[] = []

  primitive(tag: 'bool' | 'str' | 'u8' | 'u16' | 'u32' | 'u64' | 'u128'): number {
    return this.add({ tag: 'primitive', value: { tag, value: undefined } })
  }
  compact(type: number): number {
    return this.add({ tag: 'compact', value: type })
  }
  list(type: number): number {
    return this.add({ tag: 'sequence', value: type })
  }
  array(len: number, type: number): number {
    return this.add({ tag: 'array', value: { len, type } })
  }
  tuple(...types: number[]): number {
    return this.add({ tag: 'tuple', value: types })
  }
  struct(path: string, fields: Readonly<Record<string, number>>): number {
    const value = Object.entries(fields).map(([name, type]) => ({
      name,
      type,
      typeName: undefined,
      docs: [],
    }))
    return this.add({ tag: 'composite', value }, path)
  }
  wrapper(path: string, type: number): number {
    return this.add(
      { tag: 'composite', value: [{ name: undefined, type, typeName: undefined, docs: [] }] },
      path,
    )
  }
  /** Variants in the order of their numbers; each with its nameless or named fields. */
  variants(
    path: string,
    variants: Readonly<Record<string, readonly number[] | Readonly<Record<string, number>>>>,
    start = 0,
    params: Entry['params'] = [],
  ): number {
    const value = Object.entries(variants).map(([name, fields], at) => ({
      name,
      fields: Object.entries(fields).map(([key, type]) => ({
        name: Array.isArray(fields) ? undefined : key,
        type,
        typeName: undefined,
        docs: [],
      })),
      index: start + at,
      docs: [],
    }))
    return this.add({ tag: 'variant', value }, path, params)
  }
  option(type: number): number {
    return this.variants('Option', { None: [], Some: [type] }, 0, [{ name: 'T', type }])
  }

  add(def: Definition, path = '', params: Entry['params'] = []): number {
    const id = this.entries.length
    this.entries.push({ id, path: path === '' ? [] : path.split('::'), params, def, docs: [] })
    return id
  }
}
