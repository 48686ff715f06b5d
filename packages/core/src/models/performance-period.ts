import { z } from 'zod'

import { instantSchema } from './scalars.ts'

/** The lengths of time that performance is told for. */
export const periodTypes = ['daily', 'weekly', 'monthly', 'all_time'] as const
/** One of {@link periodTypes}. */
export type PeriodType = (typeof periodTypes)[number]

/** Where every `all_time` period begins. */
export const ALL_TIME_START = new Date('1970-01-01T00:00:00.000Z')
/** Where every `all_time` period ends: after everything that can be recorded, and no real end. */
export const ALL_TIME_END = new Date('2100-01-01T00:00:00.000Z')

/** A stretch of time in UTC: `start` belongs to it, `end` to the next one. */
export const performancePeriodSchema = z
  .strictObject({ type: z.enum(periodTypes), start: instantSchema, end: instantSchema })
  .refine(({ start, end }) => start < end, { message: 'must start before it ends', path: ['end'] })
/** See {@link performancePeriodSchema}. */
export type PerformancePeriod = z.infer<typeof performancePeriodSchema>
