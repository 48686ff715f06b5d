import { inspect } from 'node:util'

import { verify } from '@scure/sr25519'
import { describe, expect, it } from 'vitest'

import { createHotkeySigner } from './hotkey-signer.ts'
import { miniSecretOf } from './mini-secret.ts'

// Substrate's published development accounts.
const ALICE_SEED = 'e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a'
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const DEV_PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'
const DEV_SEED = 'fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e'
const DEV_ADDRESS = '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV'

function signerOf(text: string) {
  const secret = miniSecretOf(text)
  expect(secret).not.toBeNull()
  return createHotkeySigner(secret ?? new Uint8Array(32))
}

describe('a hotkey signer', () => {
  it("is the account of Substrate's development seeds", () => {
    expect(signerOf(`0x${ALICE_SEED}`).hotkey).toBe(ALICE)
    expect(signerOf(DEV_SEED.toUpperCase()).hotkey).toBe(DEV_ADDRESS)
  })

  it("derives a mnemonic's secret from its entropy, however the words are spaced", () => {
    expect(Buffer.from(miniSecretOf(DEV_PHRASE) ?? []).toString('hex')).toBe(DEV_SEED)
    expect(signerOf(`\n ${DEV_PHRASE.replaceAll(' ', '   ').toUpperCase()}\n`).hotkey).toBe(DEV_ADDRESS)
  })

  it('signs what others verify, and nothing else', () => {
    const signer = signerOf(ALICE_SEED)
    const message = new TextEncoder().encode('weights')
    const signature = signer.sign(message)
    expect(signature).toHaveLength(64)
    expect(verify(message, signature, signer.publicKey)).toBe(true)
    expect(verify(new TextEncoder().encode('weight'), signature, signer.publicKey)).toBe(false)
    expect(Buffer.from(signer.sign(message))).not.toEqual(Buffer.from(signature))
  })

  it('derives the same bytes for a label, others for another label or key', () => {
    const hex = (text: string, label: string) => Buffer.from(signerOf(text).derive(label)).toString('hex')
    const salt = hex(ALICE_SEED, 'salt 1')
    expect(salt).toMatch(/^[0-9a-f]{64}$/)
    expect(hex(ALICE_SEED, 'salt 1')).toBe(salt)
    expect(hex(ALICE_SEED, 'salt 2')).not.toBe(salt)
    expect(hex(DEV_SEED, 'salt 1')).not.toBe(salt)
  })

  it('does not show its secret', () => {
    const signer = signerOf(ALICE_SEED)
    const secretBytes = miniSecretOf(ALICE_SEED) ?? []
    expect(inspect(signer, { depth: 9, showHidden: true })).toBe(`HotkeySigner(${ALICE})`)
    expect(JSON.stringify(signer)).not.toContain([...secretBytes].slice(0, 4).join(','))
    expect(Object.keys(signer)).toEqual(['hotkey', 'publicKey', 'sign', 'derive'])
  })

  it.each([
    ['', 'nothing'],
    ['abc', 'a short text'],
    [ALICE_SEED.slice(1), '63 digits'],
    [DEV_PHRASE.replace('walk', 'drive'), 'a wrong checksum'],
    [DEV_PHRASE.replace('walk', 'validator'), 'a word of no list'],
    [`${DEV_PHRASE}//Alice`, 'a derivation path'],
  ])('takes %j for no secret: %s', (text) => {
    expect(miniSecretOf(text)).toBeNull()
  })
})
