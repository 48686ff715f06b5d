import { decimalSchema, severityNumbers, severitySchema, utcDateSchema } from '@subnetkit/core'
import { z } from 'zod'

import { column, rowCodec, type RowCodec } from '../src/index.ts'

const wide = z.bigint().min(0n).max(18_446_744_073_709_551_615n)

/** One field of every column kind. */
export const everyKindSchema = z.strictObject({
  id: z.int().min(0).max(4_294_967_295),
  text: z.string().max(1_000),
  label: z.string().min(1).max(64).nullable(),
  severity: severitySchema,
  small: z.int().min(0).max(255),
  signed: z.int().min(-2_147_483_648).max(2_147_483_647),
  wide,
  wideSigned: z.bigint().min(-9_223_372_036_854_775_808n).max(9_223_372_036_854_775_807n),
  count: z.int().min(0),
  ratio: z.number(),
  amount: decimalSchema,
  day: utcDateSchema,
  at: z.date(),
  seenAt: z.date().nullable(),
  isActive: z.boolean(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  tags: z.array(z.string().max(128)).max(256),
  shares: z.array(
    z.strictObject({ hotkey: z.string(), share: z.number(), stake: wide.nullable(), seenAt: z.date() }),
  ),
  extra: z.json(),
})

/** See {@link everyKindSchema}. */
export type EveryKind = z.infer<typeof everyKindSchema>

/** The codec of {@link everyKindTable}. */
export const everyKindCodec: RowCodec<EveryKind> = rowCodec({
  table: 'every_kind',
  engine: 'ReplacingMergeTree',
  schema: everyKindSchema,
  columns: {
    id: column.uint32(),
    text: column.string(),
    label: column.nullable(column.lowCardinality()),
    severity: column.enum8(severityNumbers),
    small: column.uint8(),
    signed: column.int32(),
    wide: column.uint64(),
    wideSigned: column.int64(),
    count: column.uint64Number(),
    ratio: column.float64(),
    amount: column.decimal(76, 30),
    day: column.date(),
    at: column.dateTime64(),
    seenAt: column.nullable(column.dateTime64()),
    isActive: column.bool(),
    hash: column.fixedString(64),
    tags: column.array(column.string()),
    shares: column.array(
      column.tuple({
        hotkey: column.string(),
        share: column.float64(),
        stake: column.nullable(column.uint64()),
        seenAt: column.dateTime64(),
      }),
    ),
    extra: column.json(),
  },
})

/** Its table, written by hand, so that the drift check has something to compare with. */
export const everyKindTable = `CREATE TABLE IF NOT EXISTS every_kind (
  id UInt32, text String, label LowCardinality(Nullable(String)),
  severity Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
  small UInt8, signed Int32, wide UInt64, wide_signed Int64, count UInt64, ratio Float64, amount Decimal(76, 30),
  day Date, at DateTime64(3, 'UTC'), seen_at Nullable(DateTime64(3, 'UTC')), is_active Bool, hash FixedString(64),
  tags Array(String),
  shares Array(Tuple(hotkey String, share Float64, stake Nullable(UInt64), seen_at DateTime64(3, 'UTC'))), extra String, _version UInt64
) ENGINE = ReplacingMergeTree(_version) ORDER BY id`

/** A row that fits, for tests that change one field of it. */
export function everyKindRow(changes: Partial<EveryKind> = {}): EveryKind {
  return {
    id: 1,
    text: 'plain',
    label: 'label',
    severity: 'high',
    small: 255,
    signed: -5,
    wide: 18_446_744_073_709_551_615n,
    wideSigned: -9_223_372_036_854_775_808n,
    count: 9_007_199_254_740_991,
    ratio: 0.1,
    amount: decimalSchema.parse('1.5'),
    day: utcDateSchema.parse('2025-08-01'),
    at: new Date('2025-08-01T00:00:00.345Z'),
    seenAt: null,
    isActive: true,
    hash: 'ab'.repeat(32),
    tags: [],
    shares: [],
    extra: null,
    ...changes,
  }
}
