import { z } from 'zod'

import { snapshotKeySchema } from './day-key.ts'
import { addressSchema, decimalSchema, unitIntervalSchema } from './scalars.ts'
import { severitySchema } from './severity.ts'

/** An id as sources give them: 1–256 characters, no control characters. */
export const externalIdSchema = z
  .string()
  .regex(/^[^\p{Cc}]{1,256}$/u, 'must be 1–256 characters without control characters')

/** Longest evidence or explanation text that is stored, in characters. */
export const MAX_JSON_TEXT = 1_000_000

/** A suspicion about one address in one window, from a published snapshot or from our own detectors. */
export const alertSchema = snapshotKeySchema.extend({
  /** Unique within its snapshot. */
  alertId: externalIdSchema,
  address: addressSchema,
  /** For example CYCLE_DETECTION or STRUCTURING. */
  typologyType: z.string().min(1).max(64),
  /** Empty when the alert is about the address alone. */
  patternId: z.string().max(256),
  patternType: z.string().max(64),
  severity: severitySchema,
  suspectedAddressType: z.string().max(64),
  suspectedAddressSubtype: z.string().max(64),
  alertConfidenceScore: unitIntervalSchema,
  description: z.string().max(10_000),
  /** US dollars, up to 18 places. */
  volumeUsd: decimalSchema,
  /** A JSON text: the inputs of the rule that fired. */
  evidenceJson: z.string().max(MAX_JSON_TEXT),
  riskIndicators: z.array(z.string().max(128)).max(256),
})
/** See {@link alertSchema}. */
export type Alert = z.infer<typeof alertSchema>
