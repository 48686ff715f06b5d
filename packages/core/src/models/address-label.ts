import { z } from 'zod'

import { snapshotKeySchema } from './day-key.ts'
import { addressSchema, unitIntervalSchema } from './scalars.ts'
import { severitySchema } from './severity.ts'

/** What somebody says an address is. Labels may feed documented typologies; they are never a feature of a score. */
export const addressLabelSchema = snapshotKeySchema.extend({
  address: addressSchema,
  label: z.string().max(256),
  /** exchange, mixer, merchant, … or unknown. */
  addressType: z.string().max(64),
  addressSubtype: z.string().max(64),
  riskLevel: severitySchema,
  trustLevel: z.string().max(64),
  source: z.string().max(256),
  confidenceScore: unitIntervalSchema,
})
/** See {@link addressLabelSchema}. */
export type AddressLabel = z.infer<typeof addressLabelSchema>
