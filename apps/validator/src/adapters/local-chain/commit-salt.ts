import { blake2b } from '@noble/hashes/blake2.js'
import { InputError } from '@subnetkit/core'

const SALT_BYTES = 16
const NONCE = /^[\x21-\x7e]{1,256}$/

/**
 * Eight numbers of 16 bits, the same whenever the same hotkey asks with the same nonce. The local chain has no key to
 * derive it from and hides nothing from who knows both. @throws InputError for a nonce that is no word.
 */
export function commitSalt(hotkey: string, nonce: string): number[] {
  if (!NONCE.test(nonce)) {
    throw new InputError({
      field: 'nonce',
      value: nonce,
      problem: 'is no nonce',
      hint: 'give 1 to 256 visible ASCII characters without spaces',
    })
  }
  const text = new TextEncoder().encode(`local chain salt ${hotkey} ${nonce}`)
  const bytes = Buffer.from(blake2b(text, { dkLen: SALT_BYTES }))
  return Array.from({ length: SALT_BYTES / 2 }, (_part, at) => bytes.readUInt16LE(at * 2))
}
