import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { isInputError } from '@subnetkit/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readHotkey } from './read-hotkey.ts'

const SEED = 'e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a'
const PUBLIC_KEY = 'd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d'
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'
const whole = {
  accountId: `0x${PUBLIC_KEY}`,
  publicKey: `0x${PUBLIC_KEY}`,
  privateKey: `0x${'ab'.repeat(64)}`,
  secretPhrase: null,
  secretSeed: `0x${SEED}`,
  ss58Address: ALICE,
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wallets-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function readWritten(content: string) {
  const path = join(folder, 'validator', 'hotkeys', 'default')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  return await fromWallet('validator', 'default')
}

function fromWallet(wallet: string, hotkey: string) {
  return readHotkey({ kind: 'wallet', walletFolder: folder, wallet, hotkey })
}

async function messageOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(isInputError(error)).toBe(true)
  return error instanceof Error ? `${error.message} ${error.stack} ${String(error.cause)}` : ''
}

describe('a hotkey file', () => {
  it('is read by its seed, or by its phrase', async () => {
    expect((await readWritten(JSON.stringify(whole))).hotkey).toBe(ALICE)
    expect((await readWritten(JSON.stringify({ secretSeed: SEED }))).hotkey).toBe(ALICE)
    const phrase = { secretPhrase: PHRASE, ss58Address: '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV' }
    expect((await readWritten(JSON.stringify(phrase))).hotkey).toBe(phrase.ss58Address)
  })

  it.each([{ ss58Address: BOB }, { publicKey: `0x${'00'.repeat(32)}` }, { accountId: '0x00' }])(
    'is refused when it names another account: %j',
    async (other) => {
      const message = await messageOf(readWritten(JSON.stringify({ ...whole, ...other })))
      expect(message).toContain(`names another account than its secret, which is ${ALICE}`)
      expect(message).not.toContain(SEED)
    },
  )

  it.each(['$NACL\u0001\u0002', '$ANSIBLE_VAULT;1.1;AES256\n6162', 'gAAAAABkZm9v'])(
    'is refused when it is encrypted, with the way out: %j',
    async (content) => {
      const message = await messageOf(readWritten(content))
      expect(message).toContain(join(folder, 'validator', 'hotkeys', 'default'))
      expect(message).toContain('is encrypted')
      expect(message).toContain('regen-hotkey --no-use-password')
    },
  )

  it.each([
    ['', 'is no hotkey file'],
    [`{"secretSeed": "${SEED}"`, 'is no hotkey file'],
    ['[]', 'is no hotkey file'],
    ['null', 'is no hotkey file'],
    [JSON.stringify({ secretSeed: 7 }), 'is no hotkey file'],
    [JSON.stringify({ ss58Address: ALICE }), 'has neither secretSeed nor secretPhrase'],
    [JSON.stringify({ secretSeed: SEED.slice(2) }), 'has a secretSeed or secretPhrase that is none'],
    ['x'.repeat(70_000), 'is larger than 65536 bytes'],
  ])('that is none is refused without showing it: %.40j', async (content, problem) => {
    const message = await messageOf(readWritten(content))
    expect(message).toContain(problem)
    expect(message).not.toContain(SEED.slice(2, 20))
  })

  it('that is missing or a folder is named', async () => {
    expect(await messageOf(fromWallet('validator', 'default'))).toMatch(/default: cannot be read \(ENOENT\)/)
    await mkdir(join(folder, 'validator', 'hotkeys', 'default'), { recursive: true })
    expect(await messageOf(fromWallet('validator', 'default'))).toContain('cannot be read (EISDIR)')
  })

  it.each(['../validator', '', '.', '..', 'a/b', 'a\0b'])('has no name such as %j', async (name) => {
    expect(await messageOf(fromWallet(name, 'default'))).toContain('wallet: ')
    expect(await messageOf(fromWallet('validator', name))).toContain('hotkey: ')
  })
})

describe('a seed in a variable', () => {
  it('is the hotkey of its seed or mnemonic', async () => {
    const signer = await readHotkey({ kind: 'seed', variable: 'VALIDATOR_SEED', value: ` 0x${SEED}\n` })
    expect(signer.hotkey).toBe(ALICE)
  })

  it('is named and never shown when it is none', async () => {
    const value = PHRASE.replace('walk', 'drive')
    const message = await messageOf(readHotkey({ kind: 'seed', variable: 'VALIDATOR_SEED', value }))
    expect(message).toContain('VALIDATOR_SEED: holds no seed; give 64 hex digits')
    for (const word of ['bottom', 'curtain', 'lonely']) expect(message).not.toContain(word)
  })
})
