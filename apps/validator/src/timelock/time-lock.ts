import { createCipheriv, createDecipheriv } from 'node:crypto'

import { sha256 } from '@noble/hashes/sha2.js'
import { InputError } from '@subnetkit/core'

import { KEY_BYTES, lockKey, POINT_BYTES, unlockKey } from './identity-cipher.ts'
import { QUICKNET_PUBLIC_KEY } from './quicknet.ts'

const SUITE = 'AES_GCM_'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const LENGTH_BYTES = 8

/** What is locked, and until when. */
export interface TimeLockParams {
  readonly plaintext: Uint8Array
  /** The round of drand whose signature opens it. */
  readonly round: number
  /** 32 secret bytes that no other plaintext and no other round ever gets: keys and nonces come of them. */
  readonly entropy: Uint8Array
}

/**
 * Locks bytes until a round of drand's quicknet is out, in the layout that the chain reads: the locked key, the text
 * under AES-256-GCM, the name of the cipher. 268 bytes longer than the plaintext. @throws InputError when there is not
 * enough entropy.
 */
export function timeLock({ plaintext, round, entropy }: TimeLockParams): Uint8Array {
  if (entropy.length !== KEY_BYTES) {
    throw new InputError({
      field: 'entropy',
      value: entropy.length,
      problem: 'is not its length in bytes',
      hint: `give ${KEY_BYTES} bytes`,
    })
  }
  const key = derived('key', entropy)
  const nonce = derived('nonce', entropy).subarray(0, NONCE_BYTES)
  const locked = lockKey({ publicKey: QUICKNET_PUBLIC_KEY, round, key, sigma: derived('sigma', entropy) })
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const text = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  return Uint8Array.from(
    Buffer.concat([
      locked.point,
      sized(locked.maskedSigma),
      sized(locked.maskedKey),
      sized(Buffer.concat([sized(text), sized(nonce)])),
      sized(Buffer.from(SUITE)),
    ]),
  )
}

/**
 * What {@link timeLock} locked, by the signature of its round (hex of a compressed point of G1): what the chain does with
 * a commit. @throws InputError when the layout is another or the signature does not open it.
 */
export function openTimeLock(locked: Uint8Array, signature: string): Uint8Array {
  const point = locked.subarray(0, POINT_BYTES)
  const [maskedSigma, maskedKey, body, suite] = readSized(locked.subarray(POINT_BYTES), 4)
  const [text, nonce] = readSized(body ?? new Uint8Array(), 2)
  if (
    maskedSigma?.length !== KEY_BYTES ||
    maskedKey?.length !== KEY_BYTES ||
    nonce?.length !== NONCE_BYTES ||
    text === undefined ||
    text.length < TAG_BYTES ||
    Buffer.from(suite ?? []).toString() !== SUITE
  ) {
    throw refused('is not in the layout of a time lock')
  }
  const key = unlockKey({ point, maskedSigma, maskedKey }, signature)
  if (key === null) throw refused('is not opened by this signature')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  decipher.setAuthTag(text.subarray(-TAG_BYTES))
  const plain = decipher.update(text.subarray(0, -TAG_BYTES))
  try {
    return Uint8Array.from(Buffer.concat([plain, decipher.final()]))
  } catch {
    throw refused('was changed after it was locked')
  }
}

function derived(what: 'key' | 'nonce' | 'sigma', entropy: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(...Buffer.from(`subnetkit time lock ${what}`), ...entropy))
}

/** Bytes after their length, 64 bits little-endian. */
function sized(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([length, bytes])
}

/** So many pieces, each after its length, which fill the bytes to the end; none at all otherwise. */
function readSized(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const buffer = Buffer.from(bytes)
  const pieces: Uint8Array[] = []
  let at = 0
  while (pieces.length < count && at + LENGTH_BYTES <= buffer.length) {
    const length = Number(buffer.readBigUInt64LE(at))
    const end = at + LENGTH_BYTES + length
    if (end > buffer.length) break
    pieces.push(bytes.subarray(at + LENGTH_BYTES, end))
    at = end
  }
  return pieces.length === count && at === buffer.length ? pieces : []
}

function refused(problem: string): InputError {
  return new InputError({
    field: 'time lock',
    problem,
    hint: 'give the commit whole, and the signature of its round',
  })
}
