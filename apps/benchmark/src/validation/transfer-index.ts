import { type Adjacency, compressPairs } from './adjacency.ts'
import type { TransactionSet } from './transaction-set.ts'
import { type SeenTransfer, TransferNotes } from './transfer-notes.ts'

export type { SeenTransfer } from './transfer-notes.ts'

/**
 * Who paid whom in the snapshot that the miner saw, and which transactions it holds: what a claim is held against. Kept
 * in flat memory, some 35 bytes for a transfer.
 */
export class TransferIndex {
  readonly #accounts: ReadonlyMap<string, number>
  readonly #addresses: readonly string[]
  readonly #payees: Adjacency
  readonly #partners: Adjacency
  readonly #transactions: TransactionSet

  /** From transfers, or from the notes that were taken of them while they were read; notes are used up by it. */
  constructor(transfers: Iterable<SeenTransfer> | TransferNotes) {
    const notes = transfers instanceof TransferNotes ? transfers : noteAll(transfers)
    const { accounts, payers, payees } = notes
    this.#accounts = accounts
    this.#addresses = [...accounts.keys()]
    this.#transactions = notes.transactions
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
    return this.#transactions.has(txId)
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

function noteAll(transfers: Iterable<SeenTransfer>): TransferNotes {
  const notes = new TransferNotes()
  for (const transfer of transfers) notes.note(transfer)
  return notes
}
