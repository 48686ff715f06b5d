import { describe, expect, it } from 'vitest'

import { addressOf, checkHotkey, publicKeyOf } from './ss58-address.ts'

const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const aliceKey = 'd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d'

describe('SS58 addresses', () => {
  // The development accounts of Substrate, whose keys and addresses are published everywhere.
  it.each([
    [alice, aliceKey],
    [
      '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
      '8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48',
    ],
    ['5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM', '00'.repeat(32)],
  ])('reads and writes %s', (address, key) => {
    expect(Buffer.from(publicKeyOf(address) ?? []).toString('hex')).toBe(key)
    expect(addressOf(Uint8Array.from(Buffer.from(key, 'hex')))).toBe(address)
  })

  it.each([
    ['nothing', ''],
    ['a wrong checksum', `${alice.slice(0, -1)}Z`],
    ['two letters swapped', alice.replace('Gr', 'rG')],
    ['a letter outside the alphabet', alice.replace('G', '0')],
    ['another format (Polkadot)', '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5'],
    ['the bare key', aliceKey],
    ['a space before it', ` ${alice}`],
    ['a line end after it', `${alice}\n`],
    ['a million letters', '5'.repeat(1_000_000)],
  ])('refuses %s', (_name, text) => {
    expect(publicKeyOf(text)).toBeNull()
    expect(() => checkHotkey('hotkey', text)).toThrow(/^hotkey: .* no SS58 address/)
  })

  it('refuses a key that has not 32 bytes', () => {
    expect(() => addressOf(new Uint8Array(31))).toThrow('give 32 bytes')
  })
})
