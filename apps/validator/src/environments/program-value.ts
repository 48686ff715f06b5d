import type { TaskDraws } from './task-draws.ts'

/** What the programs of a task take and give: a whole number, text, or a list of whole numbers. */
export type ProgramValue = number | string | readonly number[]

/** The name of a kind of {@link ProgramValue}. */
export type ValueKind = 'number' | 'text' | 'numbers'

/** Of which kind a value is. */
export function kindOf(value: ProgramValue): ValueKind {
  if (typeof value === 'number') return 'number'
  return typeof value === 'string' ? 'text' : 'numbers'
}

/** Draws an input as tasks show them: numbers from 0 to 9,999, up to 10 letters, up to 8 numbers from -20 to 20. */
export function drawInput(draws: TaskDraws, kind: ValueKind): ProgramValue {
  if (kind === 'number') return draws.below(10_000)
  if (kind === 'numbers') return Array.from({ length: draws.between(2, 8) }, () => draws.between(-20, 20))
  return Array.from({ length: draws.between(3, 10) }, () =>
    draws.pick([...'abcdefghijklmnopqrstuvwxyz']),
  ).join('')
}

/** The inputs that anyone would try first. */
export const trivialInputs: Readonly<Record<ValueKind, readonly ProgramValue[]>> = {
  number: [0, 1, 10],
  text: ['', 'a', 'z', 'abc'],
  numbers: [[], [0], [1], [0, 0], [1, 2, 3]],
}

const MAX_LIST_LENGTH = 64
const MAX_TEXT_LENGTH = 64
const MAX_NUMBER = 1_000_000
const printable = /^[\x20-\x7e]*$/

/** Whether a value is one that an answer may give as input: in the small range in which programs stay exact. */
export function isAllowedInput(value: unknown, kind: ValueKind): value is ProgramValue {
  if (kind === 'number') return isSmallInteger(value)
  if (kind === 'text') {
    return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && printable.test(value)
  }
  return Array.isArray(value) && value.length <= MAX_LIST_LENGTH && value.every(isSmallInteger)
}

function isSmallInteger(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_NUMBER
}
