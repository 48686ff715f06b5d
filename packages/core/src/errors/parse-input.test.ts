import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { parseInput } from './parse-input.ts'

const schema = z.strictObject({
  windowDays: z.int().min(1).max(3650),
  network: z.string().regex(/^[a-z]+$/, 'must be lower-case letters'),
  kind: z.enum(['alerts', 'clusters']).optional(),
  list: z.array(z.strictObject({ uid: z.int() })).optional(),
})
const good = { windowDays: 7, network: 'torus' }

describe('parseInput', () => {
  it('returns what fits', () => {
    expect(parseInput(schema, good, { subject: 'body' })).toEqual(good)
  })

  it.each([
    [{ ...good, windowDays: 0 }, /^body: windowDays: 0 is not accepted \(.*\); use at least 1$/],
    [{ ...good, windowDays: 9999 }, /use at most 3650$/],
    [{ ...good, windowDays: '7' }, /^body: windowDays: "7" is not accepted .*; give an? (int|number)$/],
    [{ network: 'torus' }, /^body: windowDays: is missing; give/],
    [{ ...good, network: 'A B' }, /^body: network: "A B" must be lower-case letters; correct it/],
    [{ ...good, kind: 'x' }, /^body: kind: "x" .*; use one of alerts, clusters$/],
    [{ ...good, list: [{ uid: 1 }, { uid: 'x' }] }, /^body: list\[1\]\.uid: "x"/],
    [{ ...good, hotkeyy: 1 }, /^body: hotkeyy: is not known here; leave it out$/],
    ['text', /^body: "text" is not accepted/],
    [undefined, /^body: is missing; give an object$/],
    [{ windowDays: 0, network: '' }, /\(1 more problem after this one\)$/],
    [{ ...good, windowDays: 10n }, /^body: windowDays: 10 /],
  ])('refuses %o', (value, message) => {
    expect(() => parseInput(schema, value, { subject: 'body' })).toThrow(message)
  })

  it('names fields as the caller knows them', () => {
    const fieldName = (path: readonly PropertyKey[]): string => `--${String(path[0])}`
    expect(() =>
      parseInput(schema, { ...good, windowDays: -1 }, { subject: 'options', fieldName }),
    ).toThrowError(
      expect.objectContaining({ name: 'InputError', field: '--windowDays', hint: 'use at least 1' }),
    )
  })
})
