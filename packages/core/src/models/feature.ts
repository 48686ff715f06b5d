import { z } from 'zod'

import { snapshotKeySchema } from './day-key.ts'
import { addressSchema } from './scalars.ts'

/**
 * One number about one address. Features are kept long (a row per name), so that a source may have any columns: flags
 * are 0 and 1, arrays become numbered names (`hourly_activity_00`), and text stands in `featureMetadata` with value 0.
 */
export const featureSchema = snapshotKeySchema.extend({
  address: addressSchema,
  featureName: z.string().regex(/^[a-z][a-z0-9_]{0,127}$/),
  /** Finite. A missing value is a missing row, never 0. */
  featureValue: z.number(),
  featureMetadata: z.string().max(10_000),
})
/** See {@link featureSchema}. */
export type Feature = z.infer<typeof featureSchema>

/** Features as columns: `values[name][i]` belongs to `addresses[i]`; NaN where the address has no such feature. */
export interface FeatureColumns {
  /** Sorted by code unit. */
  readonly addresses: readonly string[]
  readonly values: Readonly<Record<string, Float64Array>>
}
