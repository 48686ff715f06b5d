import { scanLimits } from '../scan-limits.ts'
import type { TextRun } from '../text-runs.ts'
import type { ScanRule, TextHit } from '../scan-finding.ts'
import { base58Address } from './base58-address.ts'
import { isBech32Address } from './bech32-address.ts'
import { hasEvmChecksum, isPlaceholder } from './evm-address.ts'

const BASE58 = /^[1-9A-HJ-NP-Za-km-z]{26,50}$/
const BECH32 = /^(?:bcrt|bc|tb|ltc)1[02-9ac-hj-np-z]{11,87}$/i
const PREFIXED_HEX = /^0[xX]([0-9a-fA-F]{64}|[0-9a-fA-F]{40})(?![0-9a-fA-F])/
const BARE_HEX = /^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40})$/
/** `tx`, `txid`, `tx_hash`, `transactionHashes` …, as a word or as the beginning of one. */
const TRANSACTION =
  /(?:^|[^A-Za-z])(?:tx|txn|txid|transaction)s?(?:$|[^a-z]|id|hash)|(?:Tx|Transaction)(?:s?$|[^a-z]|Hash|Id)/
/** The longest is a Bech32 address of 90 characters. */
const MOST_CHARACTERS = 90
/** Bitcoin, dataset, SS58, EVM, hash. */
const ADDRESS_RULES = 5
/** How far a word on the same line may stand from a hash. */
const CONTEXT = 120
/** So many bare hashes in one file are a list; lock files and pins say which hash function they are of. */
const MOST_BARE = 20
const PINNED =
  /(?:sha(?:1|256|384|512)|integrity|checksum|digest|rev|commit)['"]?\s{0,3}[-:=#@]\s{0,3}['"]?$/i

const messages = {
  'bitcoin-address': 'an address of Bitcoin or a relative of it, with a right checksum',
  'dataset-address': 'an address of a dataset',
  'ss58-address': 'an SS58 address with a right checksum',
} as const

/**
 * Addresses and transaction hashes: a submission finds them in its input, it does not bring them along.
 *
 * - 40 hex digits after `0x` count as an EVM address in any case of letters, with the right EIP-55 checksum or none: a
 *   program can change the case. Only placeholders of few different digits pass. Without `0x`, the checksum decides, since
 *   git commits look the same.
 * - 64 hex digits after `0x` count as a transaction hash, unless they are a BigInt literal, as constants of curves are;
 *   without `0x` only near a word for transactions, so that pins of packages pass.
 * - More than 20 of the hex texts that pass in one file are a list, unless each says that it is a pin.
 */
export function addressHits(text: string, words: readonly TextRun[]): TextHit[] {
  const hits = new HitList()
  for (const word of words) {
    // Longer words are not addresses; decoding them would take long.
    if (word.text.length > MOST_CHARACTERS) continue
    const base58 = BASE58.test(word.text) ? base58Address(word.text) : null
    if (base58 !== null) hits.add(base58, word.index, messages[base58])
    if (BECH32.test(word.text) && isBech32Address(word.text)) {
      hits.add('bitcoin-address', word.index, 'a SegWit address with a right checksum')
    }
    addHex(hits, word, text)
    if (hits.isFull) break
  }
  return hits.finish()
}

function addHex(hits: HitList, { index, text: word }: TextRun, text: string): void {
  const prefixed = PREFIXED_HEX.exec(word)?.[1]
  if (prefixed !== undefined && !isPlaceholder(prefixed)) {
    if (prefixed.length === 40) hits.add('evm-address', index, evmMessage(prefixed))
    else if (word[66] === 'n') hits.pass(index)
    else hits.add('transaction-hash', index, 'a transaction hash (0x and 64 hex digits)')
  }
  if (!BARE_HEX.test(word) || isPlaceholder(word)) return
  if (word.length === 40 && hasEvmChecksum(word)) hits.add('evm-address', index, evmMessage(word))
  else if (word.length === 64 && isNearTransaction(text, index, word.length)) {
    hits.add('transaction-hash', index, 'a transaction hash (64 hex digits beside its name)')
  } else if (!PINNED.test(text.slice(Math.max(0, index - 24), index))) hits.pass(index)
}

function evmMessage(digits: string): string {
  return hasEvmChecksum(digits)
    ? 'an EVM address with a right checksum'
    : 'an EVM address (0x and 40 hex digits)'
}

function isNearTransaction(text: string, index: number, length: number): boolean {
  const before = text.slice(Math.max(0, index - CONTEXT), index)
  const after = text.slice(index + length, index + length + CONTEXT)
  const line = `${before.slice(before.lastIndexOf('\n') + 1)} ${after.split('\n', 1)[0] ?? ''}`
  return TRANSACTION.test(line)
}

class HitList {
  readonly #hits: TextHit[] = []
  readonly #counts = new Map<ScanRule, number>()
  #passed = 0
  #lastPassed = 0

  /** Nothing more would be told of this file. */
  get isFull(): boolean {
    return this.#hits.length >= scanLimits.findingsOfRule * ADDRESS_RULES
  }

  add(rule: ScanRule, index: number, message: string): void {
    const count = (this.#counts.get(rule) ?? 0) + 1
    this.#counts.set(rule, count)
    if (count <= scanLimits.findingsOfRule) this.#hits.push({ rule, index, message })
  }

  /** Counts a hash that is accepted alone. */
  pass(index: number): void {
    this.#passed++
    this.#lastPassed = index
  }

  finish(): TextHit[] {
    if (this.#passed > MOST_BARE) {
      const message = `${this.#passed} texts of 40 or 64 hex digits that are no pins of packages`
      this.#hits.push({ rule: 'hash-list', index: this.#lastPassed, message })
    }
    return this.#hits
  }
}
