import { z } from 'zod'

import { taskNameSchema } from './miner-weight-trace.ts'
import { countSchema, hotkeySchema, instantSchema, netuidSchema, uidSchema } from './scalars.ts'

const DAY_MS = 86_400_000
const ALL_HOURS = 2 ** 24 - 1

/** Hours of a UTC day: bit 0 is 00:00 to 00:59. */
const hoursSchema = z.int().min(0).max(ALL_HOURS)

/**
 * What one miner was asked in one task on one UTC day: all that is kept of its attempts once their logs have run out.
 * Any longer time is the sum of its days.
 */
export const attemptDaySchema = z.strictObject({
  netuid: netuidSchema,
  validatorHotkey: hotkeySchema,
  /** The midnight that the day begins with. */
  day: instantSchema.refine((day) => day.getTime() % DAY_MS === 0, 'must be a midnight in UTC'),
  minerUid: uidSchema,
  minerHotkey: hotkeySchema,
  taskName: taskNameSchema,
  /** Attempts that reached the miner or failed by its fault. */
  attempted: countSchema,
  /** Attempts that it answered. */
  completed: countSchema,
  /** Hours with an attempt. */
  askedHours: hoursSchema,
  /** Hours with an answer. */
  answeredHours: hoursSchema,
  /** Failures in this task after the miner's last answer of the day, which may be of another task. */
  trailingFailures: countSchema,
  /** Null when it answered nothing in this task. */
  lastAnsweredAt: instantSchema.nullable(),
})
/** See {@link attemptDaySchema}. */
export type AttemptDay = z.infer<typeof attemptDaySchema>
