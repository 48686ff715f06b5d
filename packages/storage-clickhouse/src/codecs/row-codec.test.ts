import {
  addressLabelSchema,
  alertClusterSchema,
  alertSchema,
  alertScoreSchema,
  batchSchema,
  featureSchema,
  isStorageError,
  severityNumbers,
  snapshotSchema,
  transferSchema,
} from '@subnetkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { column } from './column.ts'
import type { ColumnSpec } from './column-spec.ts'
import { planRow, type RowSchema } from './row-plan.ts'
import { compileReader } from './compile-reader.ts'
import { compileWriter } from './compile-writer.ts'
import { rowCodec } from './row-codec.ts'

/** A column of the right family for any schema; wide enough never to be the stricter one. */
function wideColumn(schema: z.core.$ZodType): ColumnSpec<never> {
  if (schema instanceof z.core.$ZodNullable) return column.nullable(wideColumn(schema._zod.def.innerType))
  if (schema instanceof z.core.$ZodArray) return column.array(wideColumn(schema._zod.def.element))
  if (schema instanceof z.core.$ZodNumberFormat) return column.int64Number()
  if (schema instanceof z.core.$ZodNumber) return column.float64()
  if (schema instanceof z.core.$ZodBigInt) return column.int64()
  if (schema instanceof z.core.$ZodBoolean) return column.bool()
  if (schema instanceof z.core.$ZodDate) return column.dateTime64()
  return column.string()
}

const kitchenSchema = z.strictObject({
  plain: z.string(),
  bounded: z.string().min(2).max(4),
  exact: z.string().length(3),
  sticky: z.string().regex(/a/g),
  email: z.email(),
  uuid: z.uuid(),
  refined: z.string().refine((text) => text.startsWith('a')),
  either: z.union([z.literal(''), z.string().regex(/^x+$/)]),
  choice: z.enum(['a', 'b']),
  literal: z.literal('only'),
  open: z.number().gt(0).lt(1),
  even: z.number().multipleOf(2),
  int32: z.int32(),
  wide: z.bigint().gt(-5n).lte(10n),
  flag: z.boolean(),
  at: z.date().min(new Date(0)),
  maybe: z.string().max(2).nullable(),
  list: z.array(z.int().min(0)).min(1).max(3),
  nested: z.array(z.string().nullable()).length(1),
})

const schemas: Record<string, RowSchema> = {
  addressLabelSchema,
  alertClusterSchema,
  alertSchema,
  alertScoreSchema,
  batchSchema,
  featureSchema,
  kitchenSchema,
  snapshotSchema,
  transferSchema,
}

const nasty = fc.constantFrom<unknown>(
  undefined,
  null,
  '',
  'a',
  'ab',
  'abc',
  'abcd',
  'xx',
  'only',
  'low',
  'READY',
  'torus',
  '2025-08-01',
  '2025-02-30',
  '2150-01-01',
  '1.5',
  '1e5',
  '-0',
  '.5',
  '5.',
  'f'.repeat(32),
  'f'.repeat(64),
  'F'.repeat(64),
  'x'.repeat(128),
  'x'.repeat(129),
  'a\u0000b',
  'line\nbreak',
  'user@example.org',
  '9b2f8f4e-7d0b-4b9e-8f7e-0d5a1c2b3d4e',
  0,
  -0,
  1,
  2,
  0.5,
  1.5,
  -1,
  3650,
  3651,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0n,
  10n,
  11n,
  -1n,
  true,
  false,
  new Date(0),
  new Date(-1),
  new Date('2025-08-01T00:00:00.345Z'),
  new Date(Number.NaN),
  [],
  [1],
  ['a'],
  [null],
  [1, 2, 3, 4],
  ['x', undefined],
  {},
  { length: 1 },
  Symbol.iterator,
  () => 'x',
)

/** A value that the schema takes, so that whole rows get accepted often enough. */
function goodValue(schema: z.core.$ZodType): unknown {
  const candidates = [
    'ab', 'abc', 'xx', 'only', 'a', '', 'low', 'READY', 'COMPLETED', 'published', '2025-08-01', '1.5', 'f'.repeat(32), 'f'.repeat(64), 'user@example.org',
    '9b2f8f4e-7d0b-4b9e-8f7e-0d5a1c2b3d4e', 1, 0.5, 2, 3n, true, new Date(5), [1], ['a'], null,
  ] // prettier-ignore
  return candidates.find((candidate) => z.safeParse(schema, candidate).success)
}

const fitsColumn = (value: unknown): boolean =>
  value instanceof Date ? value.getTime() > -2_208_988_800_001 : true

describe.each(Object.entries(schemas))('the compiled check of %s', (_name, schema) => {
  const { shape } = schema._zod.def
  const columns = Object.fromEntries(Object.entries(shape).map(([field, part]) => [field, wideColumn(part)]))
  const plan = planRow('t', schema, columns)
  const good = Object.fromEntries(Object.entries(shape).map(([field, part]) => [field, goodValue(part)]))

  it('accepts what zod accepts, and nothing else', () => {
    const write = compileWriter<unknown>(plan)
    const seen = { accepted: 0, refused: 0 }
    expect(schema.safeParse(good).error?.issues).toBeUndefined()
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(shape), 'unknown', 'toString'),
          fc.oneof(nasty, fc.anything()),
          {
            maxKeys: 2,
            noNullPrototype: true,
          },
        ),
        fc.option(fc.constantFrom(...Object.keys(shape)), { freq: 10 }),
        (changes, dropped) => {
          const row: Record<string, unknown> = { ...good, ...changes }
          if (dropped !== null) delete row[dropped]
          const expected = schema.safeParse(row).success && Object.values(row).every(fitsColumn)
          seen[expected ? 'accepted' : 'refused'] += 1
          expect(write(row, '') !== '').toBe(expected)
        },
      ),
      { numRuns: 2_000, seed: 1 },
    )
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(50)
  })

  it('writes lines that its reader reads back as the same row', () => {
    const line = compileWriter<unknown>(plan)(good, '')
    const out: unknown[] = []
    const wire: unknown = JSON.parse(line)
    // The server sends 64-bit integers as text, and instants as ISO: what the writer writes, but for these integers.
    const quote = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(quote) : typeof value === 'number' ? String(value) : value
    const quoted = Array.isArray(wire)
      ? wire.map((value: unknown, at) =>
          plan.columns[at]?.spec.type.includes('Int64') ? quote(value) : value,
        )
      : []
    expect(compileReader<unknown>(plan)([quoted], out)).toBe(-1)
    expect(out).toEqual([good])
  })
})

describe('rowCodec', () => {
  const schema = z.strictObject({
    id: z.int(),
    amount: z.string(),
    day: z.string(),
    at: z.date(),
    severity: z.string(),
    text: z.string(),
    hash: z.string(),
  })
  const codec = rowCodec({
    table: 'things',
    engine: 'ReplacingMergeTree',
    schema,
    columns: {
      id: column.uint8(),
      amount: column.decimal(5, 2),
      day: column.date(),
      at: column.dateTime64(),
      severity: column.enum8<string>(severityNumbers),
      text: column.string(),
      hash: column.fixedString(2),
    },
  })
  const good = {
    id: 1,
    amount: '1.50',
    day: '2025-08-01',
    at: new Date(0),
    severity: 'low',
    text: 'é',
    hash: 'ab',
  }

  it('derives names, types and lists from one plan', () => {
    expect(codec.columnList).toBe('`id`, `amount`, `day`, `at`, `severity`, `text`, `hash`')
    expect(codec.insertList).toBe(`${codec.columnList}, \`_version\``)
    expect(codec.expectedColumns.map(({ type }) => type)).toEqual([
      'UInt8',
      'Decimal(5, 2)',
      'Date',
      "DateTime64(3, 'UTC')",
      "Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4)",
      'String',
      'FixedString(2)',
      'UInt64',
    ])
    expect(codec.createWriter(7n).line(good, 1)).toBe(
      '[1,"1.50","2025-08-01","1970-01-01T00:00:00.000Z","low","é","ab","7"]\n',
    )
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['an integer beyond the column', { id: 256 }, /row 3: id: 256 is not an integer between 0 and 255/],
    ['a decimal that would be rounded', { amount: '1.555' }, /amount: "1\.555" has more digits/],
    ['a decimal that is too large', { amount: '1000' }, /amount: "1000" has more digits/],
    ['an amount that is no decimal', { amount: '1e2' }, /amount: "1e2"/],
    ['a day beyond the column', { day: '2149-06-07' }, /day: "2149-06-07" is not a day/],
    ['an instant beyond the column', { at: new Date('2300-01-01Z') }, /at: "2300-01-01/],
    ['an unknown enum name', { severity: 'huge' }, /severity: "huge" is none of low, medium/],
    ['a lone surrogate', { text: '\ud800' }, /text: .* lone surrogate/],
    ['a text of other length', { hash: 'é!' }, /hash: "é!" is not exactly 2 bytes/],
    ['undefined', { text: undefined }, /text: is missing/],
    ['an unknown field', { extra: 1 }, /extra: is not a field/],
  ])('refuses %s, naming row, field and value', (_name, changes, message) => {
    const writer = codec.createWriter(1n)
    writer.line(good, 1)
    const act = (): string => writer.line(Object.assign({ ...good }, changes), 3)
    expect(act).toThrow(message)
    expect(act).toThrow(expect.objectContaining({ name: 'StorageError', code: 'invalid_input' }))
  })

  it.each(['0000999.99', '-999.9900', '0.000', '-0'])('keeps the decimal %s, which fits', (amount) => {
    expect(codec.createWriter(1n).line({ ...good, amount }, 1)).toContain(`"${amount}"`)
  })

  it('refuses to write a Replacing table without a version', () => {
    expect(() => codec.createWriter(null)).toThrow(/need a version/)
  })

  it.each([
    ['an optional field', z.strictObject({ id: z.int().optional() }), /optional/],
    ['a default', z.strictObject({ id: z.int().default(1) }), /default/],
    ['a transformation', z.strictObject({ id: z.string().transform(Number) }), /pipe/],
    ['a trimmed text', z.strictObject({ id: z.array(z.string().trim()) }), /overwrite/],
    ['a coerced number', z.strictObject({ id: z.coerce.number().nullable() }), /coerce/],
  ])('refuses a schema with %s', (_name, changing, message) => {
    expect(() => planRow('t', changing, { id: column.string() })).toThrow(message)
  })

  it('refuses a field without column, a column without field, a loose object and a bad name', () => {
    const one = z.strictObject({ id: z.int() })
    expect(() => planRow('t', one, {})).toThrow(/t\.id: has no column/)
    expect(() => planRow('t', one, { id: column.uint8(), x: column.uint8() })).toThrow(/t\.x: is no field/)
    expect(() => Reflect.apply(planRow, undefined, ['t', z.looseObject({}), {}])).toThrow(/strictObject/)
    expect(() =>
      rowCodec({ table: 'a b', engine: 'MergeTree', schema: one, columns: { id: column.uint8() } }),
    ).toThrow(/not a name/)
  })

  it('asks refinements of the object as a whole', () => {
    const ordered = z
      .strictObject({ a: z.int(), b: z.int() })
      .refine(({ a, b }) => a <= b, 'a must not exceed b')
    const plan = rowCodec({
      table: 'ordered',
      engine: 'MergeTree',
      schema: ordered,
      columns: { a: column.uint8(), b: column.uint8() },
    })
    expect(plan.createWriter(null).line({ a: 1, b: 2 }, 1)).toBe('[1,2]\n')
    expect(() => plan.createWriter(null).line({ a: 3, b: 2 }, 1)).toThrow(/a must not exceed b/)
    expect(() =>
      plan.decode(
        [
          [1, 2],
          [3, 2],
        ],
        [],
        10,
      ),
    ).toThrow(/row 11: a must not exceed b/)
  })

  it.each<[string, unknown]>([
    ['too few values', [1]],
    ['no array', { id: 1 }],
    ['null where none may be', [null, '1', '2025-08-01', '2025-08-01T00:00:00.000Z', 'low', '', 'ab']],
    ['an instant of another form', [1, '1', '2025-08-01', '2025-08-01 00:00:00', 'low', '', 'ab']],
    ['a number as text', ['1', '1', '2025-08-01', '2025-08-01T00:00:00.000Z', 'low', '', 'ab']],
  ])('refuses a stored row with %s', (_name, wire) => {
    const caught: unknown[] = []
    try {
      codec.decode([wire], [])
    } catch (error) {
      caught.push(error)
    }
    expect(caught.map((error) => isStorageError(error, 'corrupt_row'))).toEqual([true])
  })
})
