import { sha256 } from '@noble/hashes/sha2.js'
import { bls12_381 as bls } from '@noble/curves/bls12-381.js'

const { G1, G2, fields } = bls
/** The tag under which quicknet hashes rounds to points: its signatures are made with it. */
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'
const FIELD_BYTES = 48

/** Bytes of a compressed point of G2. */
export const POINT_BYTES = 96
/** Bytes of a key, and of what hides it. */
export const KEY_BYTES = 32

/** A key of 32 bytes that only the signature of one round opens. */
export interface LockedKey {
  /** r·G2, compressed. */
  readonly point: Uint8Array
  readonly maskedSigma: Uint8Array
  readonly maskedKey: Uint8Array
}

/**
 * Boneh and Franklin's identity-based encryption (the full scheme) with a round of drand as identity. `sigma` is 32
 * secret random bytes, used once. Takes 50 ms of CPU, the first time half a second. @throws Error when the public key is no point of G2.
 */
export function lockKey(
  params: Readonly<{ publicKey: string; round: number; key: Uint8Array; sigma: Uint8Array }>,
): LockedKey {
  const { key, sigma } = params
  const r = exponentOf(sigma, key)
  const shared = bls.pairing(identityOf(params.round), G2.Point.fromHex(params.publicKey).multiply(r))
  return {
    point: G2.Point.BASE.multiply(r).toBytes(true),
    maskedSigma: xor(sigma, pairingHash(shared)),
    maskedKey: xor(key, sha256(sigma)),
  }
}

/** The key, by the round's signature (a compressed point of G1); null when that signature does not open it. */
export function unlockKey(locked: LockedKey, signature: string): Uint8Array | null {
  const point = G2.Point.fromBytes(locked.point)
  const sigma = xor(locked.maskedSigma, pairingHash(bls.pairing(G1.Point.fromHex(signature), point)))
  const key = xor(locked.maskedKey, sha256(sigma))
  return G2.Point.BASE.multiply(exponentOf(sigma, key)).equals(point) ? key : null
}

/** The point of G1 that stands for a round: what its signature multiplies. */
function identityOf(round: number): ReturnType<typeof G1.hashToCurve> {
  const bigEndian = new Uint8Array(8)
  new DataView(bigEndian.buffer).setBigUint64(0, BigInt(round))
  return G1.hashToCurve(sha256(bigEndian), { DST: DOMAIN })
}

function exponentOf(sigma: Uint8Array, key: Uint8Array): bigint {
  const hash = sha256(Uint8Array.of(...sigma, ...key))
  return fields.Fr.create(BigInt(`0x${Buffer.from(hash).toString('hex')}`))
}

/** Of the twelve coordinates in little-endian order, as the chain's arithmetic library writes them. */
function pairingHash(element: ReturnType<typeof bls.pairing>): Uint8Array {
  const bytes = fields.Fp12.toBytes(element)
  for (let at = 0; at < bytes.length; at += FIELD_BYTES) bytes.subarray(at, at + FIELD_BYTES).reverse()
  return sha256(bytes)
}

function xor(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, at) => byte ^ (other[at] ?? 0))
}
