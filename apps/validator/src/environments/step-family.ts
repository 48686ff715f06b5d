import { InputError } from '@subnetkit/core'

import { kindOf, type ProgramValue, type ValueKind } from './program-value.ts'

/** One step of a program: an expression over `v`, and the same computed here. Both must agree for every value. */
export interface ProgramStep {
  readonly from: ValueKind
  readonly to: ValueKind
  /** JavaScript that gives the new `v`. */
  readonly source: string
  /** @throws InputError when the value is of another kind than `from`. */
  apply(value: ProgramValue): ProgramValue
}

/** Steps that differ in one whole number, from `low` to `high`. */
export interface StepFamily {
  readonly from: ValueKind
  readonly to: ValueKind
  readonly low: number
  readonly high: number
  /** True when its output betrays so little of its input that nobody finds the step from examples. */
  readonly isScrambling: boolean
  at(constant: number): ProgramStep
}

interface FamilyOptions<From extends ProgramValue> {
  readonly to: ValueKind
  /** The range of the constant. @default one step without a constant */
  readonly range?: readonly [low: number, high: number]
  /** See {@link StepFamily}. @default false */
  readonly isScrambling?: boolean
  readonly source: (constant: number) => string
  readonly apply: (value: From, constant: number) => ProgramValue
}

/** A family of steps that take a list of numbers. */
export function numbersFamily(options: FamilyOptions<readonly number[]>): StepFamily {
  return family('numbers', options, isNumbers)
}

/** A family of steps that take text. */
export function textFamily(options: FamilyOptions<string>): StepFamily {
  return family('text', options, isText)
}

/** A family of steps that take one number. */
export function numberFamily(options: FamilyOptions<number>): StepFamily {
  return family('number', options, isNumber)
}

function family<From extends ProgramValue>(
  from: ValueKind,
  options: FamilyOptions<From>,
  isFrom: (value: ProgramValue) => value is From,
): StepFamily {
  const [low, high] = options.range ?? [0, 0]
  const at = (constant: number): ProgramStep => ({
    from,
    to: options.to,
    source: options.source(constant),
    apply: (value) => {
      if (isFrom(value)) return options.apply(value, constant)
      throw new InputError({
        field: 'value',
        problem: `is a ${kindOf(value)}`,
        hint: `give a ${from} to this step`,
      })
    },
  })
  return { from, to: options.to, low, high, isScrambling: options.isScrambling ?? false, at }
}

function isNumbers(value: ProgramValue): value is readonly number[] {
  return kindOf(value) === 'numbers'
}

function isText(value: ProgramValue): value is string {
  return typeof value === 'string'
}

function isNumber(value: ProgramValue): value is number {
  return typeof value === 'number'
}
