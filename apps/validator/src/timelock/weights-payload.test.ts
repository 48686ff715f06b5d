import { blake2b } from '@noble/hashes/blake2.js'
import { describe, expect, it } from 'vitest'

import { commitHash, saltOf, timelockedPayload } from './weights-payload.ts'

const hotkey = Uint8Array.from({ length: 32 }, (_, at) => at)
const hotkeyHex = Buffer.from(hotkey).toString('hex')
const vector = { uids: [1, 258], values: [21_845, 65_535] }
const weights = { hotkey, vector, versionKey: 2n ** 64n - 1n }
// Written by hand: a compact length, then little-endian numbers.
const vectorHex = ['08', '0100', '0201', '08', '5555', 'ffff'].join('')
const versionHex = 'ff'.repeat(8)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('what is committed', () => {
  it('is hotkey, uids, values and version key in SCALE', () => {
    expect(hex(timelockedPayload(weights))).toBe(`80${hotkeyHex}${vectorHex}${versionHex}`)
    expect(hex(timelockedPayload(weights, 'legacy'))).toBe(`${vectorHex}${versionHex}`)
  })

  it('has a compact length of two bytes from 64 entries on', () => {
    const uids = Array.from({ length: 64 }, (_, uid) => uid)
    const payload = timelockedPayload({ ...weights, vector: { uids, values: uids } }, 'legacy')
    expect(hex(payload.subarray(0, 4))).toBe('01010000')
    expect(payload).toHaveLength(2 * (2 + 128) + 8)
  })

  it('hashes as BLAKE2-256 of hotkey, netuid, uids, values, salt and version key', () => {
    const encoded = `${hotkeyHex}0700${vectorHex}080100ffff${versionHex}`
    const expected = blake2b(Uint8Array.from(Buffer.from(encoded, 'hex')), { dkLen: 32 })
    expect(hex(commitHash({ ...weights, netuid: 7, salt: [1, 65_535] }))).toBe(hex(expected))
    expect(hex(commitHash({ ...weights, netuid: 8, salt: [1, 65_535] }))).not.toBe(hex(expected))
    expect(hex(commitHash({ ...weights, netuid: 7, salt: [1, 65_534] }))).not.toBe(hex(expected))
  })

  it('is salted with 16 numbers of 16 bits', () => {
    const salt = saltOf(Uint8Array.from({ length: 32 }, (_, at) => (at < 2 ? 255 : at)))
    expect(salt).toHaveLength(16)
    expect(salt.slice(0, 2)).toEqual([65_535, 0x0302])
  })
})
