import { buildMinerWeightTrace, buildWeightCycle } from '@subnetkit/core/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { minerWeightTraceRow } from '../repositories/miner-weight-trace-rows.ts'
import { weightCycleRow } from '../repositories/weight-cycle-rows.ts'
import { checkExpression } from './check-expression.ts'
import { compile } from './bind.ts'
import { column } from './column.ts'
import { rowCodec } from './row-codec.ts'

const partSchema = z.strictObject({
  hotkey: z.string().min(1).max(4),
  share: z.number().min(0).max(1),
  uid: z.int().min(0).max(65_535).nullable(),
  stake: z.bigint().min(0n),
  seenAt: z.date().nullable(),
})
const schema = z.strictObject({ id: z.int(), parts: z.array(partSchema).max(3), first: partSchema })
const part = column.tuple<z.infer<typeof partSchema>>({
  hotkey: column.string(),
  share: column.float64(),
  uid: column.nullable(column.uint16()),
  stake: column.uint64(),
  seenAt: column.nullable(column.dateTime64()),
})
const codec = rowCodec({
  table: 'nested',
  engine: 'MergeTree',
  schema,
  columns: { id: column.uint8(), parts: column.array(part), first: part },
})
type Row = z.infer<typeof schema>

const good: Row['first'] = {
  hotkey: '"a\n',
  share: 0.25,
  uid: null,
  stake: 2n ** 64n - 1n,
  seenAt: new Date(5),
}
const line = (row: Row): string => codec.createWriter(null).line(row, 1)

/** What the server answers for what was written: 64-bit integers and instants look alike both ways. */
function roundTrip(row: Row): readonly Row[] {
  const out: Row[] = []
  codec.decode([JSON.parse(line(row))], out)
  return out
}

function accepts(candidate: z.core.$ZodType, value: unknown): unknown {
  const check = compile(['v'], (bind) => `return ${checkExpression(candidate, 'v', bind)}`)
  return typeof check === 'function' ? check(value) : null
}

describe('column.tuple', () => {
  it('is named by its fields in snake_case, in their order', () => {
    expect(part.type).toBe(
      "Tuple(hotkey String, share Float64, uid Nullable(UInt16), stake UInt64, seen_at Nullable(DateTime64(3, 'UTC')))",
    )
    expect(codec.expectedColumns[1]).toEqual({ name: 'parts', type: `Array(${part.type})` })
  })

  it('writes arrays in the order of the tuple, whatever the order of the object', () => {
    const { hotkey, ...rest } = good
    expect(line({ id: 1, parts: [], first: { ...rest, hotkey } })).toBe(
      String.raw`[1,[],["\"a\n",0.25,null,"18446744073709551615","1970-01-01T00:00:00.005Z"]]` + '\n',
    )
  })

  it('comes back as it was written', () => {
    for (const parts of [[], [good], [good, { ...good, uid: 65_535, share: 0, seenAt: null, stake: 0n }]]) {
      expect(roundTrip({ id: 1, parts, first: good })).toStrictEqual([{ id: 1, parts, first: good }])
    }
  })

  it.each<readonly [string, object, RegExp]>([
    ['a field that is too long', { hotkey: '12345' }, /first: .* \(at hotkey\)/],
    ['a field that breaks its column', { stake: 2n ** 64n }, /first: .* has a field that its part/],
    ['a field of another type', { uid: '1' }, /first: .* \(at uid\)/],
    ['a missing field', { share: undefined }, /first: .* \(at share\)/],
    ['an unknown field', { extra: 1 }, /first: .*extra/],
  ])('refuses %s, naming the column', (_name, change, message) => {
    const row = { id: 1, parts: [], first: Object.assign({ ...good }, change) }
    expect(() => line(row)).toThrow(message)
    expect(() => line({ ...row, first: good, parts: [good, row.first] })).toThrow(/parts: /)
  })

  it.each<readonly [string, unknown]>([
    ['too few values', ['a', 0, null, '1']],
    ['too many values', ['a', 0, null, '1', null, 1]],
    ['an object', { hotkey: 'a', share: 0, uid: null, stake: '1', seen_at: null }],
    ['a number for a text', ['a', 0, null, 1, null]],
    ['null', null],
  ])('refuses a stored tuple of %s', (_name, first) => {
    expect(() => codec.decode([[1, [], first]], [])).toThrow(/first/)
    expect(() => codec.decode([[1, [first], ['a', 0, null, '1', null]]], [])).toThrow(/parts/)
  })

  it('refuses a field whose name is none', () => {
    expect(() => column.tuple({ 'a b': column.string() })).toThrow(/camelCase/)
  })
})

describe('the compiled check of objects', () => {
  const anyPart = fc.record(
    {
      hotkey: fc.constantFrom<unknown>('a', '', '12345', 1),
      share: fc.constantFrom<unknown>(0, 1, 1.5, Number.NaN, null),
      uid: fc.constantFrom<unknown>(null, 0, 65_536, 0.5, '1'),
      stake: fc.constantFrom<unknown>(0n, -1n, 1),
      seenAt: fc.constantFrom<unknown>(null, new Date(0), new Date(Number.NaN), 'now'),
      extra: fc.constant<unknown>(1),
    },
    { requiredKeys: ['hotkey', 'share', 'uid', 'stake'] },
  )
  const oneFault = fc
    .tuple(fc.constantFrom('hotkey', 'share', 'uid', 'stake', 'seenAt'), anyPart)
    .map(([field, other]): unknown => ({ ...good, [field]: Reflect.get(other, field) }))

  it('accepts what zod accepts, and nothing else', () => {
    const seen = new Map([
      [true, 0],
      [false, 0],
    ])
    fc.assert(
      fc.property(fc.oneof(oneFault, anyPart, fc.anything()), (value) => {
        const expected = z.safeParse(partSchema, value).success
        seen.set(expected, (seen.get(expected) ?? 0) + 1)
        expect(accepts(partSchema, value)).toBe(expected)
      }),
      { numRuns: 3_000, seed: 4 },
    )
    expect(Math.min(...seen.values())).toBeGreaterThan(100)
  })

  it('asks the schema where an object is not strict, or a field may be missing', () => {
    for (const [candidate, value] of [
      [z.object({ a: z.int() }), { a: 1, b: 2 }],
      [z.looseObject({ a: z.int() }), { a: 1, b: 2 }],
      [z.strictObject({ a: z.int(), b: z.int().optional() }), { a: 1 }],
      [z.strictObject({ a: z.int() }).refine(({ a }) => a > 0), { a: 1 }],
    ] as const) {
      expect(accepts(candidate, value)).toBe(true)
      expect(accepts(candidate, { a: 'x' })).toBe(false)
    }
    expect(
      accepts(
        z.strictObject({ a: z.int() }).refine(({ a }) => a > 0),
        { a: 0 },
      ),
    ).toBe(false)
  })
})

describe('the record of weights', () => {
  it('crosses the wire as arrays', () => {
    expect(weightCycleRow.createWriter(1n).line(buildWeightCycle(), 1)).toContain('[["prepared","2026')
    const trace = minerWeightTraceRow.createWriter(1n).line(buildMinerWeightTrace(), 1)
    expect(trace).toContain('[["weather",0.75,87.5,')
  })
})
