import { GrowingIntegers } from './growing-integers.ts'
import { TransactionSet } from './transaction-set.ts'

/** One transfer of the snapshot that the miner saw. */
export interface SeenTransfer {
  readonly txId: string
  readonly from: string
  readonly to: string
}

/** Transfers as they are read, one by one: two numbers and a fingerprint are kept of each, and every address once. */
export class TransferNotes {
  /** Address to number, in the order of appearance. */
  readonly accounts = new Map<string, number>()
  readonly payers = new GrowingIntegers()
  readonly payees = new GrowingIntegers()
  readonly transactions = new TransactionSet()

  note({ txId, from, to }: SeenTransfer): void {
    this.payers.push(this.#accountOf(from))
    this.payees.push(this.#accountOf(to))
    this.transactions.add(txId)
  }

  #accountOf(address: string): number {
    const known = this.accounts.get(address)
    if (known !== undefined) return known
    this.accounts.set(address, this.accounts.size)
    return this.accounts.size - 1
  }
}
