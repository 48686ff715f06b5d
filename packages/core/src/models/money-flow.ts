import { z } from 'zod'

import { snapshotKeySchema } from './day-key.ts'
import { addressSchema, decimalSchema, instantSchema } from './scalars.ts'

/** All transfers from one address to another in a window, summed. */
export const moneyFlowSchema = snapshotKeySchema.extend({
  fromAddress: addressSchema,
  toAddress: addressSchema,
  txCount: z.int().min(0),
  amountUsdSum: decimalSchema,
  firstSeen: instantSchema,
  lastSeen: instantSchema,
})
/** See {@link moneyFlowSchema}. */
export type MoneyFlow = z.infer<typeof moneyFlowSchema>
