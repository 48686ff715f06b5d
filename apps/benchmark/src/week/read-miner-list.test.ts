import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { devHotkey } from './dev-hotkey.ts'
import { readMinerList } from './read-miner-list.ts'

const alice = devHotkey('alice')
const commit = 'a'.repeat(40)
const remote = 'https://code.example.invalid/alice/detector'
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'miner-list-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function listOf(rows: unknown, isLocalAllowed = false): ReturnType<typeof readMinerList> {
  const path = join(folder, 'miners.json')
  await writeFile(path, typeof rows === 'string' ? rows : JSON.stringify(rows))
  return await readMinerList(path, { isLocalAllowed })
}

describe('readMinerList', () => {
  it('reads a file: names follow from addresses, commits may be missing', async () => {
    const bob = devHotkey('bob')
    const rows = [
      { hotkey: alice, repository: remote, commit },
      { name: 'Bob', hotkey: bob, repository: `${remote}-2` },
    ]
    expect(await listOf(rows)).toEqual([
      { name: 'detector', hotkey: alice, repository: remote, commit },
      { name: 'Bob', hotkey: bob, repository: `${remote}-2`, commit: null },
    ])
  })

  it('reads a folder: repositories by name, hotkeys of their own or that follow from the name', async () => {
    const parent = join(folder, 'repositories')
    for (const name of ['zoe', 'amy', 'notes']) await mkdir(join(parent, name), { recursive: true })
    for (const name of ['zoe', 'amy']) await mkdir(join(parent, name, '.git'))
    await writeFile(join(parent, 'zoe', 'subnetkit.json'), JSON.stringify({ hotkey: alice, version: 2 }))
    expect(await readMinerList(parent, { isLocalAllowed: true })).toEqual([
      {
        name: 'amy',
        hotkey: devHotkey('amy'),
        repository: pathToFileURL(join(parent, 'amy')).href,
        commit: null,
      },
      { name: 'zoe', hotkey: alice, repository: pathToFileURL(join(parent, 'zoe')).href, commit: null },
    ])
    const [fromHere] = await readMinerList(relative('.', parent), { isLocalAllowed: true })
    expect(fromHere?.repository).toBe(pathToFileURL(join(parent, 'amy')).href)
    await expect(readMinerList(parent, { isLocalAllowed: false })).rejects.toThrow(
      /allow that with --allow-local/,
    )
  })

  it('takes paths from where the file is', async () => {
    const [miner] = await listOf([{ hotkey: alice, repository: './mine' }], true)
    expect(miner?.repository).toBe(pathToFileURL(join(folder, 'mine')).href)
  })

  it.each([
    ['not JSON', '{', /is not JSON/],
    ['nobody', [], /names nobody/],
    ['a hotkey that is none', [{ hotkey: '5abc', repository: remote }], /hotkey: "5abc" is no SS58 address/],
    ['a short commit', [{ hotkey: alice, repository: remote, commit: 'abc' }], /commit: "abc" must be 40/],
    [
      'another scheme',
      [{ hotkey: alice, repository: 'ssh://x/y' }],
      /repository: "ssh:\/\/x\/y" must be an https URL/,
    ],
    ['a password', [{ hotkey: alice, repository: 'https://me:pw@x.invalid/y' }], /must not carry a user/],
    [
      'a folder where that is not allowed',
      [{ hotkey: alice, repository: '/srv/x' }],
      /is a folder of this machine/,
    ],
    ['an unknown field', [{ hotkey: alice, repository: remote, hotkeyy: 1 }], /hotkeyy: is not known here/],
    [
      'one hotkey twice',
      [1, 2].map(() => ({ hotkey: alice, repository: remote })),
      /hotkey: .* is there more than once/,
    ],
  ])('refuses %s', async (_name, rows, message) => {
    await expect(listOf(rows)).rejects.toThrow(message)
    await expect(listOf(rows)).rejects.toHaveProperty('name', 'InputError')
  })

  it('refuses what is not there', async () => {
    const missing = readMinerList(join(folder, 'nowhere.json'), { isLocalAllowed: false })
    await expect(missing).rejects.toThrow(/nowhere\.json" is not there; give a JSON file, or a folder/)
  })
})
