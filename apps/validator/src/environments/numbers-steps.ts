import { numbersFamily, type StepFamily } from './step-family.ts'

const listToList: readonly StepFamily[] = [
  numbersFamily({
    to: 'numbers',
    range: [1, 9],
    source: (k) => `v.map((x) => x + ${k})`,
    apply: (v, k) => v.map((x) => x + k),
  }),
  numbersFamily({
    to: 'numbers',
    range: [2, 5],
    source: (k) => `v.map((x) => x * ${k})`,
    apply: (v, k) => v.map((x) => x * k),
  }),
  numbersFamily({
    to: 'numbers',
    range: [3, 9],
    source: (k) => `v.map((x) => ${k} - x)`,
    apply: (v, k) => v.map((x) => k - x),
  }),
  numbersFamily({
    to: 'numbers',
    range: [3, 13],
    source: (k) => `v.map((x) => ((x % ${k}) + ${k}) % ${k})`,
    apply: (v, k) => v.map((x) => ((x % k) + k) % k),
  }),
  numbersFamily({
    to: 'numbers',
    range: [-6, 6],
    source: (k) => `v.filter((x) => x > ${k})`,
    apply: (v, k) => v.filter((x) => x > k),
  }),
  numbersFamily({
    to: 'numbers',
    range: [2, 4],
    source: (k) => `v.filter((x) => x % ${k} !== 0)`,
    apply: (v, k) => v.filter((x) => x % k !== 0),
  }),
  numbersFamily({ to: 'numbers', source: () => '[...v].reverse()', apply: (v) => [...v].reverse() }),
  numbersFamily({
    to: 'numbers',
    source: () => '[...v].sort((a, b) => a - b)',
    apply: (v) => [...v].sort((a, b) => a - b),
  }),
  numbersFamily({
    to: 'numbers',
    range: [3, 6],
    source: (k) => `v.slice(0, ${k})`,
    apply: (v, k) => v.slice(0, k),
  }),
  numbersFamily({
    to: 'numbers',
    range: [1, 2],
    source: (k) => `v.slice(${k})`,
    apply: (v, k) => v.slice(k),
  }),
  numbersFamily({
    to: 'numbers',
    range: [1, 3],
    source: (k) => `[...v.slice(${k}), ...v.slice(0, ${k})]`,
    apply: (v, k) => [...v.slice(k), ...v.slice(0, k)],
  }),
  numbersFamily({
    to: 'numbers',
    source: () => 'v.map((_, i) => v.slice(0, i + 1).reduce((a, b) => a + b, 0))',
    apply: (v) => v.map((_, i) => v.slice(0, i + 1).reduce((a, b) => a + b, 0)),
  }),
  numbersFamily({
    to: 'numbers',
    source: () => 'v.slice(1).map((x, i) => x - v[i])',
    apply: (v) => v.slice(1).map((x, i) => x - (v[i] ?? 0)),
  }),
  numbersFamily({
    to: 'numbers',
    range: [1, 3],
    source: (k) => `v.map((x, i) => x * (i + ${k}))`,
    apply: (v, k) => v.map((x, i) => x * (i + k)),
  }),
  numbersFamily({
    to: 'numbers',
    range: [5, 15],
    source: (k) => `v.map((x) => Math.min(${k}, Math.max(-${k}, x)))`,
    apply: (v, k) => v.map((x) => Math.min(k, Math.max(-k, x))),
  }),
  numbersFamily({
    to: 'numbers',
    source: () => 'v.filter((x, i) => v.indexOf(x) === i)',
    apply: (v) => v.filter((x, i) => v.indexOf(x) === i),
  }),
  numbersFamily({
    to: 'numbers',
    range: [10, 60],
    source: (k) => `v.map((x) => x * x % ${k})`,
    apply: (v, k) => v.map((x) => (x * x) % k),
  }),
]

const listToOther: readonly StepFamily[] = [
  numbersFamily({
    to: 'number',
    range: [1, 5],
    source: (k) => `v.reduce((sum, x, i) => sum + x * (i % ${k} + 1), 0)`,
    apply: (v, k) => v.reduce((sum, x, i) => sum + x * ((i % k) + 1), 0),
  }),
  numbersFamily({
    to: 'number',
    range: [997, 1_999],
    isScrambling: true,
    source: (k) => `v.reduce((hash, x) => (hash * 7 + x) % ${k}, 1)`,
    apply: (v, k) => v.reduce((hash, x) => (hash * 7 + x) % k, 1),
  }),
  numbersFamily({
    to: 'number',
    range: [2, 9],
    source: (k) => `v.length === 0 ? ${k} : Math.max(...v) * ${k} + Math.min(...v)`,
    apply: (v, k) => (v.length === 0 ? k : Math.max(...v) * k + Math.min(...v)),
  }),
  numbersFamily({
    to: 'text',
    range: [1, 3],
    source: (k) => `v.join('${'.'.repeat(k)}')`,
    apply: (v, k) => v.join('.'.repeat(k)),
  }),
  numbersFamily({
    to: 'text',
    range: [0, 25],
    source: (k) => `v.map((x) => String.fromCharCode(97 + (((x + ${k}) % 26) + 26) % 26)).join('')`,
    apply: (v, k) => v.map((x) => String.fromCharCode(97 + ((((x + k) % 26) + 26) % 26))).join(''),
  }),
]

/** What programs do with a list of numbers. */
export const numbersSteps: readonly StepFamily[] = [...listToList, ...listToOther]
