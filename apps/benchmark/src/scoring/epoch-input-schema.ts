import {
  countSchema,
  networkSchema,
  unitIntervalSchema,
  utcDateSchema,
  windowDaysSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import type { EpochInput } from './rule-set.ts'

/** Whole milliseconds up to a year, so that sums of times are exact. */
const timeSchema = z.int().min(0).max(31_536_000_000)

const runKeyShape = { testDate: utcDateSchema, network: networkSchema, windowDays: windowDaysSchema }

/** Counts whose product is still exact. */
const reportCountSchema = countSchema.max(90_000_000)

const patternOutcomeSchema = z
  .object({
    kind: z.literal('patterns'),
    reported: reportCountSchema,
    expected: reportCountSchema.min(1),
    found: countSchema,
    badData: countSchema,
    fabricated: countSchema,
  })
  .refine(({ found, expected }) => found <= expected, 'must not find more than is planted')
  .refine(
    ({ found, badData, fabricated, reported }) => found + badData + fabricated <= reported,
    'must not judge more rows than were reported',
  )

const scoreOutcomeSchema = z.object({
  kind: z.literal('scores'),
  reported: reportCountSchema,
  expected: reportCountSchema.min(1),
  scored: reportCountSchema,
  badData: reportCountSchema,
  fabricated: reportCountSchema,
  coverage: unitIntervalSchema,
  areaUnderCurve: unitIntervalSchema,
})

const evidenceSchema = z.object({
  features: z.object({ rows: countSchema, columns: countSchema, rowsWithoutAddress: countSchema }),
  confirmedNovelties: countSchema,
})

const runSchema = z.object({
  ...runKeyShape,
  status: z.enum(['pending', 'running', 'completed', 'timeout', 'failed']),
  executionMs: timeSchema,
  outcome: z.discriminatedUnion('kind', [patternOutcomeSchema, scoreOutcomeSchema]).nullable(),
  evidence: evidenceSchema.exactOptional(),
})

/** Everything that a score depends on, checked before a sum is made of it: counts whole, times whole, shares in [0, 1]. */
export const epochInputSchema = z.object({
  expected: z.array(z.object(runKeyShape)).min(1),
  runs: z.array(runSchema),
  baselineTimes: z.array(z.object({ network: networkSchema, executionMs: timeSchema })),
  timeLimitMs: timeSchema.min(1),
}) satisfies z.ZodType<EpochInput>
