import { blake2b } from '@noble/hashes/blake2.js'
import { InputError } from '@subnetkit/core'

import { publicKeyOf } from '@subnetkit/core/ss58'
import type { SignedWeights } from './set-weights.ts'

const HASH_BYTES = 32

/** Weights with the salt that keeps others from guessing them. */
export interface SaltedWeights extends SignedWeights {
  /** Numbers of 16 bits. */
  readonly salt: readonly number[]
}

/**
 * What a hash commit is: BLAKE2b-256 over the SCALE form of account, netuid, uids, values, salt and version key, as 64
 * hex digits. @throws InputError when the hotkey is no SS58 address.
 */
export function commitHash(weights: SaltedWeights): string {
  return Buffer.from(blake2b(encodeCommit(weights), { dkLen: HASH_BYTES })).toString('hex')
}

/** The bytes that {@link commitHash} is taken of. @throws InputError as there. */
export function encodeCommit({ hotkey, netuid, uids, values, salt, versionKey }: SaltedWeights): Uint8Array {
  const account = publicKeyOf(hotkey)
  if (account === null) {
    throw new InputError({
      field: 'hotkey',
      value: hotkey,
      problem: 'is no SS58 address',
      hint: 'sign with a hotkey whose address the chain knows',
    })
  }
  const version = Buffer.alloc(8)
  version.writeBigUInt64LE(versionKey)
  return Buffer.concat([account, u16(netuid), u16List(uids), u16List(values), u16List(salt), version])
}

function u16List(numbers: readonly number[]): Buffer {
  return Buffer.concat([compact(numbers.length), ...numbers.map(u16)])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

/** SCALE's compact length; a vector of weights never needs more than the four-byte form. */
function compact(length: number): Buffer {
  if (length < 64) return Buffer.of(length << 2)
  if (length < 16_384) return u16((length << 2) | 0b01)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length * 4 + 0b10)
  return bytes
}
