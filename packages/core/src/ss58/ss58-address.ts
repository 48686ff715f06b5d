import { blake2b } from '@noble/hashes/blake2.js'
import { base58 } from '@scure/base'
import { InputError } from '../errors/input-error.ts'

/** The address format of Bittensor and of Substrate chains without one of their own. */
const FORMAT = 42
const KEY_BYTES = 32
const CHECKSUM_BYTES = 2
const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{46,50}$/
const CHECKSUM_PREFIX = new TextEncoder().encode('SS58PRE')

/**
 * The 32 bytes of the public key that an SS58 address names, or null when the text is none: its alphabet, length,
 * format 42 or checksum is wrong. Other formats are refused, so that one key has one text.
 */
export function publicKeyOf(address: string): Uint8Array | null {
  // Decoding base58 takes time by the square of the length: what is too long never gets there.
  if (!ADDRESS.test(address)) return null
  const bytes = base58.decode(address)
  if (bytes.length !== 1 + KEY_BYTES + CHECKSUM_BYTES || bytes[0] !== FORMAT) return null
  const body = bytes.subarray(0, 1 + KEY_BYTES)
  const checksum = checksumOf(body)
  return checksum.every((byte, index) => byte === bytes[body.length + index]) ? body.slice(1) : null
}

/** The address of a public key of 32 bytes. @throws InputError for any other length. */
export function addressOf(publicKey: Uint8Array): string {
  if (publicKey.length !== KEY_BYTES) {
    throw new InputError({
      field: 'public key',
      value: publicKey.length,
      problem: 'is not its length in bytes',
      hint: 'give 32 bytes',
    })
  }
  const body = Uint8Array.of(FORMAT, ...publicKey)
  return base58.encode(Uint8Array.of(...body, ...checksumOf(body)))
}

/** Refuses a hotkey from outside that is no SS58 address. @throws InputError that names `field`. */
export function checkHotkey(field: string, hotkey: string): void {
  if (publicKeyOf(hotkey) !== null) return
  throw new InputError({
    field,
    value: hotkey,
    problem: 'is no SS58 address of format 42 with a right checksum',
    hint: 'give the hotkey as the wallet shows it, for example 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  })
}

function checksumOf(body: Uint8Array): Uint8Array {
  return blake2b(Uint8Array.of(...CHECKSUM_PREFIX, ...body), { dkLen: 64 }).subarray(0, CHECKSUM_BYTES)
}
