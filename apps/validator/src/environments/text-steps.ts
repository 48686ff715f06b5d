import { textFamily, type StepFamily } from './step-family.ts'

/** What programs do with text. All of them take any printable ASCII. */
export const textSteps: readonly StepFamily[] = [
  textFamily({
    to: 'text',
    source: () => `[...v].reverse().join('')`,
    apply: (v) => [...v].reverse().join(''),
  }),
  textFamily({ to: 'text', source: () => 'v.toUpperCase()', apply: (v) => v.toUpperCase() }),
  textFamily({ to: 'text', source: () => `[...v].sort().join('')`, apply: (v) => [...v].sort().join('') }),
  textFamily({
    to: 'text',
    range: [1, 25],
    source: (k) => `v.replace(/[a-z]/g, (c) => String.fromCharCode((c.charCodeAt(0) - 97 + ${k}) % 26 + 97))`,
    apply: (v, k) => v.replace(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 97 + k) % 26) + 97)),
  }),
  textFamily({
    to: 'text',
    range: [2, 4],
    source: (k) => `[...v].filter((_, i) => i % ${k} !== 0).join('')`,
    apply: (v, k) => [...v].filter((_, i) => i % k !== 0).join(''),
  }),
  textFamily({
    to: 'text',
    range: [1, 4],
    source: (k) => `v.slice(${k}) + v.slice(0, ${k})`,
    apply: (v, k) => v.slice(k) + v.slice(0, k),
  }),
  textFamily({
    to: 'text',
    source: () => `v.replace(/[aeiou]/g, '')`,
    apply: (v) => v.replace(/[aeiou]/g, ''),
  }),
  textFamily({
    to: 'text',
    source: () => `v + [...v].reverse().join('')`,
    apply: (v) => v + [...v].reverse().join(''),
  }),
  textFamily({
    to: 'text',
    source: () => `v.replace(/(.)\\1+/g, '$1')`,
    apply: (v) => v.replace(/(.)\1+/g, '$1'),
  }),
  textFamily({
    to: 'text',
    range: [2, 5],
    source: (k) => `[...v].map((c, i) => i % ${k} === 0 ? c.toUpperCase() : c).join('')`,
    apply: (v, k) => [...v].map((c, i) => (i % k === 0 ? c.toUpperCase() : c)).join(''),
  }),
  textFamily({
    to: 'numbers',
    range: [0, 9],
    source: (k) => `[...v].map((c) => c.charCodeAt(0) - ${90 + k})`,
    apply: (v, k) => [...v].map((c) => c.charCodeAt(0) - (90 + k)),
  }),
  textFamily({
    to: 'number',
    range: [101, 997],
    isScrambling: true,
    source: (k) => `[...v].reduce((hash, c) => (hash * 31 + c.charCodeAt(0)) % ${k}, 7)`,
    apply: (v, k) => [...v].reduce((hash, c) => (hash * 31 + c.charCodeAt(0)) % k, 7),
  }),
  textFamily({
    to: 'number',
    range: [2, 9],
    source: (k) => `[...v].reduce((sum, c, i) => sum + c.charCodeAt(0) * (i % ${k}), 0)`,
    apply: (v, k) => [...v].reduce((sum, c, i) => sum + c.charCodeAt(0) * (i % k), 0),
  }),
]
