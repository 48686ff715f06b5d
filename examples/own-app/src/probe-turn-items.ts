import {
  createItemCodec,
  defineTable,
  integerAttribute,
  keyTemplate,
  type LeaseAttributes,
  numberPart,
  textPart,
} from '@subnetkit/storage-dynamo'
import { networkSchema } from '@subnetkit/core'
import { z } from 'zod'

/**
 * One item per subnet.
 *
 * Query patterns
 * - the turn of a subnet: pk = `NETWORK#<network>#NETUID#<5 digits>`, consistent
 */
export const probeTurnsTable = defineTable({
  name: 'probe_turns',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [],
  expiryAttribute: null,
})

/** The key of a subnet's item. Values are escaped, so that no name reaches into the next part. */
export const subnetKey = keyTemplate<{ network: string; netuid: number }>({
  network: textPart('NETWORK'),
  netuid: numberPart('NETUID', 5),
})

/** Which attributes hold the lease: all three while somebody has the turn, none otherwise. */
export const turnLease: LeaseAttributes = { owner: 'owner', token: 'token', expiresAt: 'until' }

/** An item of `probe_turns`; both directions are checked, and an attribute that nobody declared is refused. */
export const probeTurnItem = createItemCodec({
  name: 'probeTurn',
  schema: z.strictObject({
    network: networkSchema,
    netuid: integerAttribute,
    rounds: integerAttribute,
    owner: z.string().exactOptional(),
    token: z.string().exactOptional(),
    until: z.iso.datetime().exactOptional(),
  }),
  keys: ({ network, netuid }) => ({ pk: subnetKey.build({ network, netuid }) }),
})
