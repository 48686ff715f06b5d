import { inspect } from 'node:util'

import { blake2b } from '@noble/hashes/blake2.js'
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519'

import { addressOf } from '@subnetkit/core/ss58'

/** Signs for one hotkey. Its secret stays inside: it is in no field, so that no log and no message can show it. */
export interface HotkeySigner {
  /** The SS58 address, format 42. */
  readonly hotkey: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** An sr25519 signature of 64 bytes, context `substrate`; another one at each call. Takes about 3 ms of CPU. */
  sign(message: Uint8Array): Uint8Array
  /** 32 bytes that only this key knows, always the same for a label: salts and entropy that nobody has to store. */
  derive(label: string): Uint8Array
}

/** The signer of a mini-secret of 32 bytes, which is what wallets call a seed. */
export function createHotkeySigner(miniSecret: Uint8Array): HotkeySigner {
  const secret = secretFromSeed(miniSecret)
  // Not the secret itself: what is derived tells nothing of it even if the hash were weak.
  const derivationKey = blake2b(Buffer.from('subnetkit derivation'), { dkLen: 32, key: secret })
  const publicKey = getPublicKey(secret)
  const hotkey = addressOf(publicKey)
  const signer = {
    hotkey,
    publicKey,
    sign: (message: Uint8Array): Uint8Array => sign(secret, message),
    derive: (label: string): Uint8Array => blake2b(Buffer.from(label), { dkLen: 32, key: derivationKey }),
    [inspect.custom]: (): string => `HotkeySigner(${hotkey})`,
  }
  return Object.freeze(signer)
}
