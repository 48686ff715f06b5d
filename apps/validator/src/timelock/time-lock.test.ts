import { createHash } from 'node:crypto'

import { bls12_381 as bls } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { isInputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { firstRoundFrom, QUICKNET_PUBLIC_KEY, timeOfRound } from './quicknet.ts'
import { openTimeLock, timeLock } from './time-lock.ts'

// Round 1000 of quicknet, as drand publishes it.
const ROUND = 1_000
const SIGNATURE =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39'
const RANDOMNESS = 'fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd'

const plaintext = new TextEncoder().encode('weights of nobody')
const entropy = new Uint8Array(32).fill(7)

describe('drand', () => {
  it('made the published signature of round 1000 with the key that we lock for', () => {
    const round = Buffer.alloc(8)
    round.writeBigUInt64BE(BigInt(ROUND))
    const { shortSignatures } = bls
    const message = shortSignatures.hash(sha256(round), 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_')
    const signature = Buffer.from(SIGNATURE, 'hex')
    const publicKey = Buffer.from(QUICKNET_PUBLIC_KEY, 'hex')
    expect(shortSignatures.verify(signature, message, publicKey)).toBe(true)
    expect(createHash('sha256').update(signature).digest('hex')).toBe(RANDOMNESS)
  })

  it('publishes a round each 3 seconds from its genesis on', () => {
    expect(timeOfRound(1).toISOString()).toBe('2023-08-23T15:09:27.000Z')
    expect(firstRoundFrom(timeOfRound(1))).toBe(1)
    expect(firstRoundFrom(timeOfRound(ROUND))).toBe(ROUND)
    expect(firstRoundFrom(new Date(timeOfRound(ROUND).getTime() + 1))).toBe(ROUND + 1)
    expect(() => firstRoundFrom(new Date('2023-08-23T15:09:20Z'))).toThrow(/before the first round/)
  })
})

describe('a time lock', () => {
  it('opens with the signature of its round, in the layout of the chain', () => {
    const locked = timeLock({ plaintext, round: ROUND, entropy })
    expect(Buffer.from(openTimeLock(locked, SIGNATURE)).toString()).toBe('weights of nobody')
    // Point, two masks, the text with tag and nonce, and the suite; each but the point after its length.
    expect(locked.length).toBe(96 + 40 + 40 + 8 + (8 + plaintext.length + 16) + (8 + 12) + (8 + 8))
    expect(Buffer.from(locked.subarray(-16)).toString('hex')).toBe(
      `0800000000000000${Buffer.from('AES_GCM_').toString('hex')}`,
    )
    expect(Buffer.from(locked.subarray(96, 104)).toString('hex')).toBe('2000000000000000')
  })

  it('is another for other entropy, the same for the same', () => {
    const locked = timeLock({ plaintext, round: ROUND, entropy })
    expect(timeLock({ plaintext, round: ROUND, entropy })).toEqual(locked)
    const other = timeLock({ plaintext, round: ROUND, entropy: new Uint8Array(32).fill(8) })
    expect(Buffer.from(other).equals(Buffer.from(locked))).toBe(false)
  })

  it('of another round stays shut', () => {
    const locked = timeLock({ plaintext, round: ROUND + 1, entropy })
    expect(() => openTimeLock(locked, SIGNATURE)).toThrow(/is not opened by this signature/)
  })

  it.each([
    ['the point', 95],
    ['the mask of sigma', 110],
    ['the mask of the key', 150],
    ['the text', 195],
    ['the nonce', 235],
    ['the suite', -1],
    ['a length', 96],
  ])('that was changed in %s is refused', (_part, at) => {
    const locked = Buffer.from(timeLock({ plaintext, round: ROUND, entropy }))
    const index = at < 0 ? locked.length + at : at
    locked[index] = (locked[index] ?? 0) ^ 1
    expect(() => openTimeLock(Uint8Array.from(locked), SIGNATURE)).toThrow(
      /time lock: is|time lock: was|point/,
    )
  })

  it('that is cut, longer or empty is refused by name', () => {
    const locked = timeLock({ plaintext, round: ROUND, entropy })
    for (const bytes of [locked.subarray(0, -1), Uint8Array.of(...locked, 0), new Uint8Array()]) {
      expect(() => openTimeLock(bytes, SIGNATURE)).toThrow(/time lock: is not in the layout/)
    }
  })

  it('asks for 32 bytes of entropy', () => {
    try {
      timeLock({ plaintext, round: ROUND, entropy: new Uint8Array(31) })
      expect.unreachable()
    } catch (error) {
      expect(isInputError(error)).toBe(true)
    }
  })
})
