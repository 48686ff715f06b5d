import type { ConfigValue } from '@subnetkit/core'
import { z } from 'zod'

import { parseJsonSetting } from '../config-values/parse-json-setting.ts'

/** The configuration key that holds them. */
const RECORD_KEY = 'stats.record'

/** What the record keeps, and what it may cost; the six keys of the plan that it comes from. */
const recordSettingsSchema = z.strictObject({
  /** Whether traces and the pathway columns of statistics are kept. */
  enableDetailedPathways: z.boolean().default(true),
  /** Whether the chain's epochs and the incentive columns of statistics are kept. */
  enableChainIntegration: z.boolean().default(true),
  /** Whether the record is written while weights are made; otherwise by `validator stats compute` alone. */
  enableRealtimeUpdates: z.boolean().default(true),
  /** Days after which traces and statistics run out. */
  retentionDays: z.int().min(1).max(3_650).default(30),
  /** Hours between two looks for deregistered miners. */
  cleanupFrequencyHours: z.number().min(0.01).max(8_760).default(4),
  /** Seconds of its own time that one pass over the weights may spend on the record; above, the record has to wait. */
  performanceImpactThreshold: z.number().min(0).max(60).default(0.1),
  /** What warns, once when it is crossed and once when it is back. */
  warnAbove: z
    .strictObject({
      /** Cycles and miners without a trace, and epochs that paid by our weights and are not kept. */
      gaps: z.int().min(0).default(0),
      /** Writes of the record that failed in a row. */
      failures: z.int().min(0).default(3),
      /** All tables of the record together, on disk. */
      tableBytes: z.int().min(0).default(10_737_418_240),
      /** Blocks from inclusion to the first epoch that ran on the weights, and from an epoch to our first look at it. */
      consensusDelayBlocks: z.int().min(0).default(1_080),
    })
    .prefault({}),
})
/** See {@link recordSettingsSchema}. */
export type RecordSettings = z.infer<typeof recordSettingsSchema>

/** The settings as configured. @throws InputError naming the field that does not fit. */
export function parseRecordSettings(configured: ReadonlyMap<string, ConfigValue>): RecordSettings {
  return parseJsonSetting(configured, {
    key: RECORD_KEY,
    schema: recordSettingsSchema,
    example: '{"retentionDays": 30}',
  })
}
