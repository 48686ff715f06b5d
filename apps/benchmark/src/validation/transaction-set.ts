import { FingerprintSet, textBits } from './fingerprint-set.ts'

const HIGH_SEED = 0x811c9dc5
const LOW_SEED = 0x2f0b4a27

/** The transaction ids of a snapshot, by fingerprint: 8 bytes each at a load of a half. */
export class TransactionSet {
  readonly #fingerprints = new FingerprintSet()

  add(txId: string): void {
    this.#fingerprints.add(textBits(txId, HIGH_SEED), textBits(txId, LOW_SEED))
  }

  has(txId: string): boolean {
    return this.#fingerprints.has(textBits(txId, HIGH_SEED), textBits(txId, LOW_SEED))
  }
}
