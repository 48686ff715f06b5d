import { attemptDaySchema, type AttemptDay } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, rowReader, type RowCodec } from '../codecs/row-codec.ts'

/** `miner_attempt_days`, ReplacingMergeTree keyed by validator, day, uid, hotkey and task. */
export const attemptDayRow: RowCodec<AttemptDay> = rowCodec({
  table: 'miner_attempt_days',
  engine: 'ReplacingMergeTree',
  schema: attemptDaySchema,
  columns: {
    netuid: column.uint16(),
    validatorHotkey: column.lowCardinality(),
    day: column.dateTime64(),
    minerUid: column.uint16(),
    minerHotkey: column.string(),
    taskName: column.lowCardinality(),
    attempted: column.uint64Number(),
    completed: column.uint64Number(),
    askedHours: column.uint32(),
    answeredHours: column.uint32(),
    trailingFailures: column.uint64Number(),
    lastAnsweredAt: column.nullable(column.dateTime64()),
  },
})

const minerColumns = { minerUid: column.uint16(), minerHotkey: column.string() } as const
const countColumns = { attempted: column.uint64Number(), completed: column.uint64Number() } as const
const countShape = { attempted: z.int(), completed: z.int() } as const
const minerShape = { minerUid: z.int(), minerHotkey: z.string() } as const

/** A miner's attempts in one task, summed over days. */
export const taskAttemptReader = rowReader({
  label: 'attempts by task',
  schema: z.strictObject({ ...minerShape, taskName: z.string(), ...countShape }),
  columns: { ...minerColumns, taskName: column.string(), ...countColumns },
})

/** A miner's attempts in all tasks, summed over days. */
export const minerAttemptReader = rowReader({
  label: 'attempts',
  schema: z.strictObject({
    ...minerShape,
    ...countShape,
    hoursAsked: z.int(),
    hoursAnswered: z.int(),
    consecutiveFailures: z.int(),
    lastAnsweredAt: z.date().nullable(),
  }),
  columns: {
    ...minerColumns,
    ...countColumns,
    hoursAsked: column.uint64Number(),
    hoursAnswered: column.uint64Number(),
    consecutiveFailures: column.uint64Number(),
    lastAnsweredAt: column.nullable(column.dateTime64()),
  },
})
