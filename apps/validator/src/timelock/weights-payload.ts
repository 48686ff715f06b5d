import { blake2b } from '@noble/hashes/blake2.js'
import { Bytes, Struct, u16, u64, Vector } from '@polkadot-api/substrate-bindings'

import type { WeightVector } from '../ports/chain.ts'

const fields = { uids: Vector(u16), values: Vector(u16), versionKey: u64 }
const ownedPayload = Struct({ hotkey: Bytes(), ...fields })
const legacyPayload = Struct(fields)
const hashedPayload = Struct({
  hotkey: Bytes(32),
  netuid: u16,
  uids: fields.uids,
  values: fields.values,
  salt: Vector(u16),
  versionKey: u64,
})

/** Who commits to what. */
export interface CommittedWeights {
  /** Public key of 32 bytes. */
  readonly hotkey: Uint8Array
  readonly vector: WeightVector
  /** An unsigned 64-bit number. */
  readonly versionKey: bigint
}

/**
 * What goes into a time-locked commit, in SCALE. It names its hotkey, so that nobody can commit a copy as its own;
 * runtimes that lack `commit_timelocked_weights` know only the `legacy` form without it.
 */
export function timelockedPayload(weights: CommittedWeights, form: 'owned' | 'legacy' = 'owned'): Uint8Array {
  const { hotkey, vector, versionKey } = weights
  const body = { uids: [...vector.uids], values: [...vector.values], versionKey }
  return form === 'owned' ? ownedPayload.enc({ hotkey, ...body }) : legacyPayload.enc(body)
}

/** The 32 bytes of a hash commit: BLAKE2-256 over hotkey, netuid, uids, values, salt and version key in SCALE. */
export function commitHash(
  weights: CommittedWeights & Readonly<{ netuid: number; salt: readonly number[] }>,
): Uint8Array {
  const { hotkey, netuid, vector, salt, versionKey } = weights
  const uids = [...vector.uids]
  const values = [...vector.values]
  return blake2b(hashedPayload.enc({ hotkey, netuid, uids, values, salt: [...salt], versionKey }), {
    dkLen: 32,
  })
}

/** 16 random-looking numbers out of 32 random-looking bytes: the salt as a reveal carries it. */
export function saltOf(bytes: Uint8Array): number[] {
  return Array.from(
    { length: bytes.length >> 1 },
    (_, at) => (bytes[2 * at] ?? 0) | ((bytes[2 * at + 1] ?? 0) << 8),
  )
}
