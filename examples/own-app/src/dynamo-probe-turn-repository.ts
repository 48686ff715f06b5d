import {
  acquireLease,
  type DynamoConnection,
  getItem,
  isLeasedBy,
  type Item,
  leaseAttributeNames,
  type LeaseTarget,
  putItemIfAbsent,
  updateItemIf,
} from '@subnetkit/storage-dynamo'

import { type ProbeTurn, probeTurnSchema } from './probe-turn.ts'
import { probeTurnItem, probeTurnsTable as table, subnetKey, turnLease } from './probe-turn-items.ts'
import type { ProbeTurnRepository, Subnet } from './probe-turn-repository.ts'

/** Turns in DynamoDB. Every change is one conditional write: of any number of probers exactly one gets the turn. */
export function createDynamoProbeTurnRepository(connection: DynamoConnection): ProbeTurnRepository {
  const target = ({ network, netuid }: Subnet): LeaseTarget => ({
    connection,
    table,
    key: { pk: subnetKey.build({ network, netuid }) },
    attributes: turnLease,
  })
  return {
    async take({ network, netuid, owner, token, forMs, now }, options) {
      const item = probeTurnItem.encode({ network, netuid, rounds: 0 })
      await putItemIfAbsent({ connection, table, item }, options)
      const grant = { owner, token, expiresAt: new Date(now.getTime() + forMs) }
      const leased = await acquireLease({ ...target({ network, netuid }), grant, now }, options)
      return leased === null ? null : toTurn(leased)
    },

    async end({ network, netuid, token, rounds }, options) {
      const change = { add: { rounds }, remove: leaseAttributeNames(turnLease) }
      const condition = isLeasedBy(turnLease, token)
      return (await updateItemIf({ ...target({ network, netuid }), change, condition }, options)) !== null
    },

    async find(subnet, options) {
      const item = await getItem(target(subnet), options)
      return item === null ? null : toTurn(item)
    },
  }
}

function toTurn(item: Item): ProbeTurn {
  const { owner, token, until, ...turn } = probeTurnItem.decode(item)
  const isHeld = owner !== undefined && token !== undefined && until !== undefined
  const holder = isHeld ? { owner, token, until: new Date(until) } : null
  return probeTurnSchema.parse({ ...turn, holder })
}
