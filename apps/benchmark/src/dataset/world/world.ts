import { Random, mixHash } from '../random/random.ts'
import { WeightedChoice } from '../random/weighted-choice.ts'
import type { AccountKind, AccountRange } from './account-kinds.ts'
import { accountCount, accountKinds, layOutAccounts } from './account-kinds.ts'
import { syntheticAddresses } from './synthetic-addresses.ts'

/** How many neighbours on the ring a person knows on either side. */
const NEIGHBOURHOOD = 24

/** Who exists, how active and how rich they are, and whom they deal with. Built once; about 150 bytes per account. */
export class World {
  readonly accounts: number
  readonly ranges: Readonly<Record<AccountKind, AccountRange>>
  readonly addresses: readonly string[]
  /** How often a person acts, relative to others: log-normal, so that few do much and many do little. */
  readonly activity: Float64Array
  /** By what a person's amounts are multiplied. */
  readonly wealth: Float64Array
  readonly #salt: number

  constructor(seed: string, transfers: number) {
    this.accounts = accountCount(transfers)
    this.ranges = layOutAccounts(this.accounts)
    this.addresses = syntheticAddresses(seed, this.accounts)
    const random = new Random(`${seed}/people`)
    this.#salt = random.bits()
    this.activity = new Float64Array(this.ranges.person.count)
    this.wealth = new Float64Array(this.ranges.person.count)
    for (let person = 0; person < this.ranges.person.count; person++) {
      this.activity[person] = Math.min(12, random.logNormal(1, 0.95))
      this.wealth[person] = random.logNormal(1, 0.75)
    }
  }

  /** By what this account's amounts are multiplied; only people differ. */
  wealthOf(account: number): number {
    return this.wealth[account] ?? 1
  }

  /** A person's nth contact, always the same: mostly someone near on the ring, sometimes anyone. */
  contact(person: number, nth: number): number {
    const people = this.ranges.person.count
    const hash = mixHash(person ^ this.#salt, nth)
    if (hash % 5 === 0) return (hash >>> 3) % people
    const distance = 1 + ((hash >>> 8) % NEIGHBOURHOOD)
    return (person + (hash & 1 ? distance : people - distance)) % people
  }

  /** The nth account that someone deals with in a kind; the first of the kind are chosen far more often. */
  favourite(account: number, nth: number, kind: AccountKind): number {
    const { start, count } = this.ranges[kind]
    const share = mixHash(account + this.#salt, nth + 1_000 * accountKinds.indexOf(kind)) / 0x1_0000_0000
    return start + Math.floor(count * share * share * share)
  }

  /** Any account of a kind, each equally likely. */
  any(random: Random, kind: AccountKind): number {
    const { start, count } = this.ranges[kind]
    return start + random.below(count)
  }

  /** The person's own deposit address at an exchange, or null for those who deposit straight to the hot wallet. */
  depositAddress(person: number): number | null {
    const { start, count } = this.ranges.deposit
    const slot = mixHash(person, this.#salt) % (count * 3)
    return slot < count ? start + slot : null
  }

  /** The hot wallet of the exchange that a person or a deposit address belongs to. */
  hotWallet(account: number): number {
    return this.favourite(account, 0, 'hot_wallet')
  }

  /** The cold wallet of the exchange with this hot wallet. */
  coldWallet(hotWallet: number): number {
    return this.ranges.cold_wallet.start + hotWallet - this.ranges.hot_wallet.start
  }

  /** The kind of an account. */
  kindOf(account: number): AccountKind {
    for (const kind of accountKinds) {
      const { start, count } = this.ranges[kind]
      if (account >= start && account < start + count) return kind
    }
    return 'person'
  }
}

/** Draws people by their activity; `damping` scales that of some, who have other traffic as well. */
export function activePeople(world: World, damping: ReadonlyMap<number, number>): WeightedChoice {
  const weights = Float64Array.from(world.activity)
  for (const [person, factor] of damping) weights[person] = (weights[person] ?? 0) * factor
  return new WeightedChoice(weights)
}
