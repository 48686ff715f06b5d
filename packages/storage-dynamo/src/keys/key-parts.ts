import { showValue, StorageError } from '@subnetkit/core'

/** One named part of a key: how its value becomes text that sorts right and can be read back. */
export interface KeyPart<Value> {
  /** Upper-case word in front of the value, for example `MINER`. */
  readonly label: string
  /** @throws StorageError `invalid_input` when the value cannot stand in a key. */
  write(value: Value): string
  /** @throws StorageError `corrupt_row` when the text was not written by this part. */
  read(text: string): Value
}

const LABEL = /^[A-Z][A-Z0-9_]{0,31}$/

/**
 * A text in a key. `#` and `%` inside it are written as `%23` and `%25`, so that a hostile value never reaches into
 * the next part; empty texts and halves of surrogate pairs are refused. Order is by UTF-8 bytes of the written text.
 */
export function textPart(label: string): KeyPart<string> {
  return {
    label: checkLabel(label),
    write(value) {
      if (value === '') throw badKey(label, value, 'is empty')
      if (/\p{Surrogate}/u.test(value)) throw badKey(label, value, 'holds half of a surrogate pair')
      return value.replaceAll('%', '%25').replaceAll('#', '%23')
    },
    read(text) {
      if (text === '' || /#|%(?!25|23)/.test(text)) throw corruptKey(label, text)
      return text.replaceAll('%23', '#').replaceAll('%25', '%')
    },
  }
}

/** A whole number from 0, zero-padded to `width` digits (1–15), so that text order is number order. */
export function numberPart(label: string, width: number): KeyPart<number> {
  const digits = bigintPart(label, checkWidth(label, width, 15))
  return {
    label,
    write(value) {
      if (!Number.isSafeInteger(value)) throw badKey(label, value, 'is not a whole number')
      return digits.write(BigInt(value))
    },
    read: (text) => Number(digits.read(text)),
  }
}

/** As {@link numberPart} for bigints; `width` 1–38, 20 holds every unsigned 64-bit integer. */
export function bigintPart(label: string, width: number): KeyPart<bigint> {
  const limit = 10n ** BigInt(checkWidth(label, width, 38))
  return {
    label: checkLabel(label),
    write(value) {
      if (value < 0n || value >= limit) throw badKey(label, value, `is not within ${width} digits`)
      return `${value}`.padStart(width, '0')
    },
    read(text) {
      if (text.length !== width || !/^\d+$/.test(text)) throw corruptKey(label, text)
      return BigInt(text)
    },
  }
}

function checkLabel(label: string): string {
  if (!LABEL.test(label)) throw badKey('key label', label, 'must be 1–32 upper-case letters, digits or "_"')
  return label
}

function checkWidth(label: string, width: number, largest: number): number {
  if (Number.isInteger(width) && width >= 1 && width <= largest) return width
  throw badKey(label, width, `is no width of a number; give 1–${largest}`)
}

function badKey(label: string, value: unknown, problem: string): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `key part ${label}: ${showValue(value)} ${problem}`,
    details: { label },
  })
}

function corruptKey(label: string, text: string): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `key part ${label}: ${showValue(text)} was not written by it`,
    details: { label },
  })
}
