import { z } from 'zod'

import { externalIdSchema } from './alert.ts'
import { snapshotKeySchema } from './day-key.ts'
import { addressSchema, decimalSchema, instantSchema } from './scalars.ts'

/** One movement of one asset from one address to another. */
export const transferSchema = snapshotKeySchema.extend({
  /** Unique within its snapshot: the source's own ids joined, or made from what the row says where the source has none. */
  transferId: externalIdSchema,
  blockTimestamp: instantSchema,
  fromAddress: addressSchema,
  toAddress: addressSchema,
  assetSymbol: z.string().max(64),
  /** In units of the asset. */
  amount: decimalSchema,
  amountUsd: decimalSchema,
})
/** See {@link transferSchema}. */
export type Transfer = z.infer<typeof transferSchema>

/**
 * The transfers of a window as columns, in the total order (time, from, to, amount, transfer id). Row i goes from
 * `addresses[from[i]]` to `addresses[to[i]]`.
 */
export interface TransferColumns {
  /** Sorted by code unit; the index is the address's id in all columns. */
  readonly addresses: readonly string[]
  readonly from: Uint32Array
  readonly to: Uint32Array
  /** Millionths of a US dollar, exact up to 9.2e12 dollars per transfer. */
  readonly amountMicroUsd: BigInt64Array
  /** Milliseconds since 1970, UTC. */
  readonly timestampMs: Float64Array
}
