import { keccak_256 } from '@noble/hashes/sha3.js'

/**
 * Whether 40 hex digits carry the checksum of EIP-55 in the case of their letters. Digits in one case carry none.
 */
export function hasEvmChecksum(digits: string): boolean {
  const lower = digits.toLowerCase()
  if (digits === lower || digits === digits.toUpperCase()) return false
  const hash = keccak_256(new TextEncoder().encode(lower))
  return [...digits].every((digit, index) => {
    const byte = hash[index >> 1] ?? 0
    const isUpper = (index % 2 === 0 ? byte >> 4 : byte & 15) >= 8
    return digit === (isUpper ? digit.toUpperCase() : digit.toLowerCase())
  })
}

/** Zeros, `deadbeef` and the like: too few different digits for a key's hash. */
export function isPlaceholder(digits: string): boolean {
  return new Set(digits.toLowerCase()).size <= 5
}
