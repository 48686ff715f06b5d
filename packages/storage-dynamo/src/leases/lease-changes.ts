import type { Item } from '../codecs/item.ts'
import { absent, allOf, anyOf, compare, type Condition } from '../requests/condition.ts'
import type { ItemChange } from '../requests/update-item.ts'

/** Which attributes of an item hold its lease. All three are there while it is leased, none when it is free. */
export interface LeaseAttributes {
  /** Text: who holds it, for people to read. */
  readonly owner: string
  /** Text: what every change by the holder must name; unique for each acquisition. */
  readonly token: string
  /** ISO text in UTC with milliseconds, so that the store can compare it. */
  readonly expiresAt: string
}

/** A lease to be given. */
export interface LeaseGrant {
  readonly owner: string
  readonly token: string
  readonly expiresAt: Date
}

/** A change and what must hold for it, in the form that `updateItem` takes. */
export interface ConditionalChange {
  readonly change: ItemChange
  readonly condition: Condition
}

/** Nobody holds it: the attributes are not there. */
export function isUnleased(attributes: LeaseAttributes): Condition {
  return absent(attributes.token)
}

/** Nobody holds it, or the holder's time is over: it may be taken, or taken over. */
export function isLeaseFree(attributes: LeaseAttributes, now: Date): Condition {
  return anyOf(isUnleased(attributes), compare(attributes.expiresAt, '<=', now.toISOString()))
}

/**
 * It is held under this token, expired or not: as long as nobody took it over, its holder's work counts. Add a
 * condition on the time where that is too kind.
 */
export function isLeasedBy(attributes: LeaseAttributes, token: string): Condition {
  return compare(attributes.token, '=', token)
}

/**
 * Takes a lease that is free or expired. The same token again renews it, so that a resend after a lost answer does
 * not lose against itself.
 */
export function leaseAcquisition(
  attributes: LeaseAttributes,
  grant: LeaseGrant,
  now: Date,
): ConditionalChange {
  return {
    change: { set: leaseItem(attributes, grant) },
    condition: anyOf(isLeaseFree(attributes, now), isLeasedBy(attributes, grant.token)),
  }
}

/**
 * Moves a lease's end on, never back: a holder whose clock went back does not shorten it. The condition fails when
 * another token holds it, and when it already lasts longer: look at the item before you call it lost.
 */
export function leaseRenewal(
  attributes: LeaseAttributes,
  renewal: Pick<LeaseGrant, 'token' | 'expiresAt'>,
): ConditionalChange {
  const end = renewal.expiresAt.toISOString()
  return {
    change: { set: { [attributes.expiresAt]: end } },
    condition: allOf(isLeasedBy(attributes, renewal.token), compare(attributes.expiresAt, '<=', end)),
  }
}

/** Ends a lease that is held under this token. */
export function leaseRelease(attributes: LeaseAttributes, token: string): ConditionalChange {
  return {
    change: { remove: leaseAttributeNames(attributes) },
    condition: isLeasedBy(attributes, token),
  }
}

/** A lease as the attributes of an item. */
export function leaseItem(attributes: LeaseAttributes, grant: LeaseGrant): Item {
  return {
    [attributes.owner]: grant.owner,
    [attributes.token]: grant.token,
    [attributes.expiresAt]: grant.expiresAt.toISOString(),
  }
}

/** The names that an update takes away with a lease. */
export function leaseAttributeNames(attributes: LeaseAttributes): readonly string[] {
  return [attributes.owner, attributes.token, attributes.expiresAt]
}
