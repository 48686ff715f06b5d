import { describe, expect, it } from 'vitest'

import { parseAssignment } from './parse-assignment.ts'

const read = (answer: string): Record<string, boolean> => Object.fromEntries(parseAssignment(answer))

describe('parseAssignment', () => {
  it.each([
    ['a JSON object', '{"x1": true, "x2": false}', { 1: true, 2: false }],
    ['numbers and text for truth', '{"x1": 1, "X_2": "False", "x3": "0"}', { 1: true, 2: false, 3: false }],
    ['the last of two objects', '{"x1": true} no: {"x1": false}', { 1: false }],
    ['an object inside another', '{"answer": {"x1": true}}', { 1: true }],
    ['a fenced object', '```json\n{"x1": true}\n```', { 1: true }],
    [
      'equations',
      'x1=true, x2 = False; x3: 1\nx4 is 0 and **x5** -> true',
      {
        1: true,
        2: false,
        3: true,
        4: false,
        5: true,
      },
    ],
    ['the last of two equations', 'x1=true … wait, x1=false', { 1: false }],
    ['equations around an object of something else', '{"note": 1} x1=true', { 1: true }],
    ['nothing from prose', 'I do not know.', {}],
    ['nothing from other values', '{"x1": null, "x2": 2, "x3": {}, "y": true}', {}],
    ['nothing from a broken object', '{"x1": tru', {}],
    ['nothing from prototypes', '{"__proto__": {"x1": true}, "constructor": true}', { 1: true }],
  ])('%s', (_name, answer, expected) => {
    expect(read(answer)).toEqual(expected)
  })

  it.each([
    ['braces', '{'.repeat(1_000_000)],
    ['closing braces', '}'.repeat(1_000_000)],
    ['nested JSON', '{"x1":'.repeat(150_000)],
    ['nested lists', `{"x1":${'['.repeat(900_000)}}`],
    ['half equations', 'x1'.repeat(500_000)],
    ['spaces', `x1${' '.repeat(999_000)}=true`],
    ['quotes', `x1${'"'.repeat(999_000)}`],
    ['digits', `x${'1'.repeat(999_000)}`],
    ['unicode', '\u{1f600}\u202e\ud800'.repeat(200_000)],
  ])('reads a megabyte of %s in no time', (_name, answer) => {
    const start = performance.now()
    expect(parseAssignment(answer).size).toBe(0)
    expect(performance.now() - start).toBeLessThan(3_000)
  })
})
