import { pbkdf2Sync } from 'node:crypto'

import { mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'

const SECRET_BYTES = 32
const ROUNDS = 2_048
const HEX_SEED = /^(0x)?[0-9a-fA-F]{64}$/

/**
 * The mini-secret that a text stands for: 64 hex digits, or a mnemonic of 12 to 24 English words. Null when it is neither
 * or the words' checksum is wrong. From a mnemonic it is derived as Substrate does it, from the entropy behind the words
 * and not from a BIP-39 seed: other wallets' seeds of the same words differ.
 */
export function miniSecretOf(text: string): Uint8Array | null {
  const trimmed = text.trim()
  if (HEX_SEED.test(trimmed)) return Uint8Array.from(Buffer.from(trimmed.replace(/^0x/, ''), 'hex'))
  const entropy = entropyOf(trimmed.toLowerCase().split(/\s+/).join(' '))
  if (entropy === null) return null
  return Uint8Array.from(pbkdf2Sync(entropy, 'mnemonic', ROUNDS, 64, 'sha512')).slice(0, SECRET_BYTES)
}

function entropyOf(words: string): Uint8Array | null {
  try {
    return mnemonicToEntropy(words, wordlist)
  } catch {
    // The library's message may name words of the secret.
    return null
  }
}
