import { type Adjacency, compressPairs } from './adjacency.ts'
import { FingerprintSet, textBits } from './fingerprint-set.ts'
import { GrowingIntegers } from './growing-integers.ts'

const HIGH_SEED = 0x811c9dc5
const LOW_SEED = 0x2f0b4a27

/** One transfer of the snapshot that the miner saw. */
export interface SeenTransfer {
  readonly txId: string
  readonly from: string
  readonly to: string
}

/**
 * Who paid whom in the snapshot that the miner saw, and which transactions it holds: what a claim is held against. Kept
 * in flat memory, some 35 bytes for a transfer.
 */
export class TransferIndex {
  readonly #accounts: ReadonlyMap<string, number>
  readonly #addresses: readonly string[]
  readonly #payees: Adjacency
  readonly #partners: Adjacency
  readonly #transactions: FingerprintSet

  constructor(transfers: Iterable<SeenTransfer>) {
    const accounts = new Map<string, number>()
    const payers = new GrowingIntegers()
    const payees = new GrowingIntegers()
    this.#transactions = new FingerprintSet()
    for (const { txId, from, to } of transfers) {
      payers.push(accountOf(accounts, from))
      payees.push(accountOf(accounts, to))
      this.#transactions.add(textBits(txId, HIGH_SEED), textBits(txId, LOW_SEED))
    }
    this.#accounts = accounts
    this.#addresses = [...accounts.keys()]
    this.#payees = compressPairs(accounts.size, payers, payees)
    const count = payers.length
    for (let at = 0; at < count; at++) {
      const payer = payers.at(at)
      payers.push(payees.at(at))
      payees.push(payer)
    }
    this.#partners = compressPairs(accounts.size, payers, payees)
  }

  /** How many accounts took part in a transfer; they are numbered from 0. */
  get accounts(): number {
    return this.#addresses.length
  }

  /** The account's number, or −1 where the snapshot does not know the address. */
  accountOf(address: string): number {
    return this.#accounts.get(address) ?? -1
  }

  addressOf(account: number): string {
    return this.#addresses[account] ?? ''
  }

  hasTransaction(txId: string): boolean {
    return this.#transactions.has(textBits(txId, HIGH_SEED), textBits(txId, LOW_SEED))
  }

  /** Whether the first paid the second, at any time. */
  hasTransfer(from: number, to: number): boolean {
    return this.#payees.has(from, to)
  }

  /** Whether one of the two paid the other; asked of the one with fewer partners. */
  isLinked(one: number, other: number): boolean {
    return this.#partners.degree(one) <= this.#partners.degree(other)
      ? this.#partners.has(one, other)
      : this.#partners.has(other, one)
  }
}

function accountOf(accounts: Map<string, number>, address: string): number {
  const known = accounts.get(address)
  if (known !== undefined) return known
  accounts.set(address, accounts.size)
  return accounts.size - 1
}
