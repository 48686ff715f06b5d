import { showValue, StorageError } from '@subnetkit/core'

import type { KeyPart } from './key-parts.ts'

/** Values by the names of the parts. */
export type KeyValues = Readonly<Record<string, unknown>>

type Parts<Values extends KeyValues> = { readonly [Name in keyof Values]: KeyPart<Values[Name]> }

/** Writes and reads one key attribute such as `MINER#5F…#REV#abc`. */
export interface KeyTemplate<Values extends KeyValues> {
  /** @throws StorageError `invalid_input` when a value cannot stand in a key, or the key exceeds `maxBytes`. */
  build(values: Values): string
  /**
   * The beginning that all keys with these leading values share, closed by a separator: `MINER#5F…#`. A range by it
   * never takes in a longer value with the same beginning.
   *
   * @throws StorageError `invalid_input` when the values are not the leading ones.
   */
  prefix(values: Partial<Values>): string
  /** @throws StorageError `corrupt_row` when the text is no key of this template. */
  parse(text: string): Values
}

const SEPARATOR = '#'

/** DynamoDB's limits on key attributes, in UTF-8 bytes. */
export const KEY_LIMITS = { partition: 2048, sort: 1024 } as const

/**
 * Describes a key attribute as labelled parts in the order of `parts`:
 * `keyTemplate({ hotkey: textPart('MINER'), revision: textPart('REV') })` writes `MINER#<hotkey>#REV#<revision>`.
 *
 * @param maxBytes what the attribute may hold: {@link KEY_LIMITS}, the sort key's by default.
 */
export function keyTemplate<Values extends KeyValues>(
  parts: Parts<Values>,
  maxBytes: number = KEY_LIMITS.sort,
): KeyTemplate<Values> {
  const names: readonly (keyof Values & string)[] = Object.keys(parts)
  const segment = <Name extends keyof Values>(name: Name, value: Values[Name]): string =>
    `${parts[name].label}${SEPARATOR}${parts[name].write(value)}`
  let last: Readonly<{ values: Values; text: string }> | null = null
  return {
    build(values) {
      // Neighbouring items share many of their keys: the last one is not written anew.
      const known = last
      if (known !== null && names.every((name) => Object.is(values[name], known.values[name])))
        return known.text
      const text = names.map((name) => segment(name, values[name])).join(SEPARATOR)
      if (Buffer.byteLength(text) > maxBytes) throw tooLong(text, maxBytes)
      if (names.every((name) => typeof values[name] !== 'object')) last = { values: { ...values }, text }
      return text
    },
    prefix(values) {
      const leading = names.slice(0, Object.keys(values).length)
      const segments = leading.map((name) => {
        const value = values[name]
        if (value === undefined) throw notLeading(names, Object.keys(values))
        return segment(name, value)
      })
      return segments.map((text) => `${text}${SEPARATOR}`).join('')
    },
    parse: (text) => parseKey(text, parts, names),
  }
}

function parseKey<Values extends KeyValues>(
  text: string,
  parts: Parts<Values>,
  names: readonly (keyof Values & string)[],
): Values {
  const pieces = text.split(SEPARATOR)
  const values: Partial<Values> = {}
  names.forEach((name, index) => {
    const label = pieces[2 * index]
    const value = pieces[2 * index + 1]
    if (label !== parts[name].label || value === undefined) throw notOurs(text)
    values[name] = parts[name].read(value)
  })
  if (pieces.length !== 2 * names.length || !isComplete(values, names)) throw notOurs(text)
  return values
}

function isComplete<Values extends KeyValues>(
  values: Partial<Values>,
  names: readonly (keyof Values & string)[],
): values is Values {
  return names.every((name) => values[name] !== undefined)
}

function tooLong(text: string, maxBytes: number): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `key ${showValue(text)} exceeds ${maxBytes} bytes`,
    details: { maxBytes },
  })
}

function notLeading(names: readonly string[], given: readonly string[]): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `a key prefix takes the leading parts of ${names.join(', ')}; given: ${given.join(', ')}`,
  })
}

function notOurs(text: string): StorageError {
  return new StorageError({ code: 'corrupt_row', message: `${showValue(text)} is no key of this template` })
}
