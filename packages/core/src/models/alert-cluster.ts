import { z } from 'zod'

import { externalIdSchema } from './alert.ts'
import { snapshotKeySchema } from './day-key.ts'
import { addressSchema, countSchema, decimalSchema, unitIntervalSchema } from './scalars.ts'
import { severitySchema } from './severity.ts'

/** Alerts that belong together: of one entity, one pattern, or one connected neighbourhood. */
export const alertClusterSchema = snapshotKeySchema.extend({
  clusterId: externalIdSchema,
  /** same_entity, same_pattern, related_network or what the source says. */
  clusterType: z.string().min(1).max(64),
  /** Empty when no address stands out. */
  primaryAddress: z.union([addressSchema, z.literal('')]),
  patternId: z.string().max(256),
  primaryAlertId: z.string().max(256),
  relatedAlertIds: z.array(externalIdSchema).max(100_000),
  addressesInvolved: z.array(addressSchema).max(100_000),
  totalAlerts: countSchema,
  totalVolumeUsd: decimalSchema,
  severityMax: severitySchema,
  confidenceAvg: unitIntervalSchema,
  /** Milliseconds since 1970, 0 when unknown. */
  earliestAlertTimestamp: countSchema,
  latestAlertTimestamp: countSchema,
})
/** See {@link alertClusterSchema}. */
export type AlertCluster = z.infer<typeof alertClusterSchema>
