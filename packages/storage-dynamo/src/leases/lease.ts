import type { CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { allOf, exists } from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import type { TableTarget } from '../requests/item-request.ts'
import { updateItemIf } from '../requests/update-item.ts'
import {
  leaseAcquisition,
  leaseRelease,
  leaseRenewal,
  type ConditionalChange,
  type LeaseAttributes,
  type LeaseGrant,
} from './lease-changes.ts'

/** The item that is leased: any item of any table, with three attributes of its own for the lease. */
export interface LeaseTarget extends TableTarget {
  readonly key: Item
  readonly attributes: LeaseAttributes
}

/**
 * Takes the lease of an item that is free, or takes it over when it ran out by `now`. Gives the item, or null when
 * somebody else holds it or there is no such item: of any number of callers exactly one gets it. The same token again
 * gets it again, with the new end.
 */
export async function acquireLease(
  params: LeaseTarget & { readonly grant: LeaseGrant; readonly now: Date },
  options?: CallOptions,
): Promise<Item | null> {
  return apply(params, leaseAcquisition(params.attributes, params.grant, params.now), options)
}

/**
 * Moves the end of a lease on; one that already lasts longer stays as it is. Gives the item, or null when the token
 * does not hold it any more, which ends the holder's right to go on.
 */
export async function renewLease(
  params: LeaseTarget & { readonly token: string; readonly expiresAt: Date; readonly now: Date },
  options?: CallOptions,
): Promise<Item | null> {
  const renewed = await apply(params, leaseRenewal(params.attributes, params), options)
  if (renewed !== null) return renewed
  const item = await getItem(params, options)
  return item?.[params.attributes.token] === params.token ? item : null
}

/**
 * Gives a lease back. True when the token holds nothing afterwards: it was released now, or was lost before; false
 * when there is no such item. Repeating it changes nothing.
 */
export async function releaseLease(
  params: LeaseTarget & { readonly token: string; readonly now: Date },
  options?: CallOptions,
): Promise<boolean> {
  if ((await apply(params, leaseRelease(params.attributes, params.token), options)) !== null) return true
  return (await getItem(params, options)) !== null
}

/** One conditional write; an item is never made by it. */
async function apply(
  { connection, table, key }: LeaseTarget,
  { change, condition }: ConditionalChange,
  options: CallOptions | undefined,
): Promise<Item | null> {
  const isThere = exists(table.partitionKey.name)
  return updateItemIf({ connection, table, key, change, condition: allOf(isThere, condition) }, options)
}
