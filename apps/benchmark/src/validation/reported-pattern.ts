import { MAX_ADDRESS_LENGTH } from '@subnetkit/core'
import { z } from 'zod'

import type { PatternType } from '../dataset/patterns/pattern-instance.ts'
import { MAX_PATTERN_ADDRESSES, MAX_PATTERN_TRANSACTIONS } from './output-limits.ts'

/** Every kind that a submission may report; the generator plants all of them. */
const reportedPatternTypes = [
  'cycle',
  'layering_path',
  'smurfing_network',
  'threshold_evasion',
  'wash_trading',
  'nested_services',
  'dormant_activation',
  'rug_pull',
  'proximity_risk',
  'motif_fanin',
  'motif_fanout',
  'sybil_network',
  'temporal_burst',
] as const satisfies readonly PatternType[]

/**
 * One row of a submission's patterns, as the miner's program writes it; nothing in it is trusted. Columns are in
 * snake_case like every file's. `transactions` is evidence that may be left out; `confidence` is kept for people and
 * earns nothing. An address must be one of the dataset, which is checked there and not by its spelling.
 */
export const reportedPatternSchema = z.strictObject({
  pattern_id: z.string().min(1).max(256),
  pattern_type: z.enum(reportedPatternTypes),
  addresses: z.array(z.string().min(1).max(MAX_ADDRESS_LENGTH)).min(2).max(MAX_PATTERN_ADDRESSES),
  transactions: z.array(z.string().min(1).max(128)).max(MAX_PATTERN_TRANSACTIONS).optional(),
  confidence: z.number().min(0).max(1).optional(),
})
/** See {@link reportedPatternSchema}. */
export type ReportedPattern = z.infer<typeof reportedPatternSchema>
