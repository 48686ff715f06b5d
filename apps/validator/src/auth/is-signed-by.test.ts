import { describe, expect, it } from 'vitest'

import { isSignedBy } from './is-signed-by.ts'

// Made by another implementation (Substrate's own, compiled to WebAssembly), as wallets have it.
const vector = {
  hotkey: '5CShbTqxKUgKZBRDu1VGVpivm3m415stz86A5GBdoV7wrU1d',
  text: 'hello ä',
  signature:
    'e426245dfdbbd5c715a0de68c34adae9a89a6ddc703ab2185d46a5c17d37e345f016f2837290f36beb8f50b4d36ce12d826edfbd7cab80f17ef4d01bc9270e81',
}

describe('isSignedBy', () => {
  it('knows a signature that another implementation made', () => {
    expect(isSignedBy(vector.hotkey, vector.text, vector.signature)).toBe(true)
  })

  it.each([
    ['another text', { text: 'hello a' }],
    ['another hotkey', { hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' }],
    ['no hotkey', { hotkey: 'nobody' }],
    ['the hotkey whose public key is zero', { hotkey: '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM' }],
    ['a bit that was flipped', { signature: vector.signature.replace(/^e4/, 'e5') }],
    ['no Schnorrkel marker', { signature: vector.signature.replace(/81$/, '01') }],
    ['zeros', { signature: '0'.repeat(128) }],
    ['upper case', { signature: vector.signature.toUpperCase() }],
    ['one byte less', { signature: vector.signature.slice(2) }],
    ['nothing', { signature: '' }],
  ])('refuses %s without throwing', (_name, change) => {
    const { hotkey, text, signature } = { ...vector, ...change }
    expect(isSignedBy(hotkey, text, signature)).toBe(false)
  })
})
