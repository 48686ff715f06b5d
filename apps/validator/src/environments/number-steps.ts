import { numberFamily, type StepFamily } from './step-family.ts'

/** What programs do with one number. */
export const numberSteps: readonly StepFamily[] = [
  numberFamily({ to: 'number', range: [2, 9], source: (k) => `v * ${k} + 1`, apply: (v, k) => v * k + 1 }),
  numberFamily({ to: 'number', range: [11, 99], source: (k) => `${k} - v`, apply: (v, k) => k - v }),
  numberFamily({
    to: 'number',
    range: [13, 97],
    source: (k) => `((v % ${k}) + ${k}) % ${k}`,
    apply: (v, k) => ((v % k) + k) % k,
  }),
  numberFamily({
    to: 'number',
    range: [2, 5],
    source: (k) => `v % ${k} === 0 ? v / ${k} : v * ${k} - 1`,
    apply: (v, k) => (v % k === 0 ? v / k : v * k - 1),
  }),
  numberFamily({
    to: 'number',
    source: () => '[...String(Math.abs(v))].reduce((sum, digit) => sum + Number(digit), 0)',
    apply: (v) => digitsOf(v).reduce((sum, digit) => sum + digit, 0),
  }),
  numberFamily({
    to: 'numbers',
    source: () => '[...String(Math.abs(v))].map(Number)',
    apply: (v) => digitsOf(v),
  }),
  numberFamily({
    to: 'numbers',
    range: [2, 7],
    source: (k) => `Array.from({ length: Math.abs(v) % ${k} + 2 }, (_, i) => v + i * ${k})`,
    apply: (v, k) => Array.from({ length: (Math.abs(v) % k) + 2 }, (_, i) => v + i * k),
  }),
  numberFamily({
    to: 'text',
    range: [2, 16],
    source: (k) => `v.toString(${k})`,
    apply: (v, k) => v.toString(k),
  }),
  numberFamily({
    to: 'text',
    range: [3, 9],
    source: (k) => `'ab'.repeat(Math.abs(v) % ${k}) + String(v)`,
    apply: (v, k) => 'ab'.repeat(Math.abs(v) % k) + String(v),
  }),
]

function digitsOf(value: number): readonly number[] {
  return [...String(Math.abs(value))].map(Number)
}
