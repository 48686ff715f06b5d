import { blake2b } from '@noble/hashes/blake2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base58 } from '@scure/base'

/** What a base-58 text is. */
export type Base58Address = 'bitcoin-address' | 'dataset-address' | 'ss58-address'

const SS58_PREFIX = new TextEncoder().encode('SS58PRE')
/** How the addresses of generated datasets begin; their checksum is noise. */
const DATASET_ADDRESS = /^5Syn[1-9A-HJ-NP-Za-km-z]{44}$/

/**
 * Tells addresses from other texts of the base-58 alphabet by their checksums: Bitcoin and its relatives (version byte,
 * 20 bytes, twice SHA-256) and SS58 of any format (prefix, 32 bytes, BLAKE2b). Null for whatever is none.
 */
export function base58Address(text: string): Base58Address | null {
  if (DATASET_ADDRESS.test(text)) return 'dataset-address'
  // Decoding takes time by the square of the length.
  if (text.length < 26 || text.length > 50) return null
  const bytes = base58.decode(text)
  if (bytes.length === 25) return isBitcoin(bytes) ? 'bitcoin-address' : null
  if (bytes.length === 35 || bytes.length === 36) return isSs58(bytes) ? 'ss58-address' : null
  return null
}

function isBitcoin(bytes: Uint8Array): boolean {
  return endsWith(bytes, sha256(sha256(bytes.subarray(0, 21))).subarray(0, 4))
}

function isSs58(bytes: Uint8Array): boolean {
  const body = bytes.subarray(0, bytes.length - 2)
  return endsWith(bytes, blake2b(Uint8Array.of(...SS58_PREFIX, ...body), { dkLen: 64 }).subarray(0, 2))
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return end.every((byte, index) => byte === bytes[bytes.length - end.length + index])
}
