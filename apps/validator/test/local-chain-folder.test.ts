import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { createManualClock, silentLogger } from '@subnetkit/core'
import { acquireFolderLock } from '@subnetkit/core/local-service'
import { describe, expect, it } from 'vitest'

import { spawnTypeScript, type TestProgram } from '../../../packages/core/test/spawn-typescript.ts'
import { chainFilePath, saveSteps } from '../src/adapters/local-chain/chain-file.ts'
import { openLocalChain } from '../src/adapters/local-chain/open-local-chain.ts'
import type { LocalChainJob } from './fixtures/local-chain-process.ts'
import { accountOf, localSubnet, openSubnet, startedAt, validator } from './fixtures/local-subnet.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const FIRST = 9
const size = isSoak ? { accounts: 60, kills: 8 } : { accounts: 8, kills: 1 }

function startProcess(job: LocalChainJob): TestProgram {
  const program = new URL('fixtures/local-chain-process.ts', import.meta.url)
  return spawnTypeScript(program, JSON.stringify(job))
}

/** The lines that a process prints until it ends. */
async function countLines(program: TestProgram): Promise<number> {
  for (let count = 0; ; count += 1) {
    const isThere = await program.line().then(
      () => true,
      () => false,
    )
    if (!isThere) return count
  }
}

describe('a process that is killed with -9 while it saves', () => {
  it(
    'at any moment: whatever was answered is there, and nothing is there twice',
    { timeout: 120_000 },
    async () => {
      await using opened = await openSubnet(localSubnet())
      const { folder, chain } = opened
      await chain.head()
      let answered = 0
      for (let kill = 0; kill < size.kills; kill += 1) {
        await using running = startProcess({
          folder,
          firstAccount: 1_000 + kill * 10_000,
          accounts: 10_000,
          dieAt: null,
        })
        await running.line()
        const lines = countLines(running)
        await sleep(37 * (kill + 1))
        await running.kill()
        answered += 1 + (await lines)
      }
      const { neurons, extrinsics } = await chain.state()
      const hotkeys = neurons.map(({ hotkey }) => hotkey)
      expect(new Set(hotkeys).size).toBe(hotkeys.length)
      expect(extrinsics).toBeGreaterThanOrEqual(answered)
      expect(extrinsics).toBeLessThanOrEqual(answered + size.kills)
      expect(Math.min(extrinsics, 256 - FIRST)).toBe(neurons.length - FIRST)
    },
  )

  // After the other, whose process has compiled what these run.
  const fates = isSoak ? (['begun', 'empty'] as const) : (['begun'] as const)
  it.concurrent.each(fates.flatMap((fate) => saveSteps.map((step) => [fate, step] as const)))(
    'a folder that is %s, after "%s": the state is the old one or the new one, and the next goes on',
    { timeout: 60_000 },
    async (fate, step) => {
      await using opened = await openSubnet(localSubnet())
      const { folder, chain } = opened
      if (fate === 'begun') await chain.head()
      await using dying = startProcess({ folder, firstAccount: 1_000, accounts: 1, dieAt: step })
      await once(dying.child, 'exit')
      expect(dying.child.signalCode).toBe('SIGKILL')

      const isNew = step === 'renamed' || step === 'folder_synced'
      const state = await chain.state()
      expect(state.neurons).toHaveLength(isNew ? FIRST + 1 : FIRST)
      expect(state.extrinsics).toBe(isNew ? 1 : 0)
      const hotkey = accountOf(2_000)
      const outcome = await chain.register({ hotkey, coldkey: hotkey, stake: 0n, score: 0 })
      expect(outcome).toMatchObject({ kind: 'included', blockNumber: isNew ? 2 : 1 })
    },
  )
})

describe('several who share a folder', () => {
  it(
    'processes: no registration is lost, each has a uid and a block of its own',
    { timeout: 60_000 },
    async () => {
      await using opened = await openSubnet(localSubnet())
      const { folder, chain } = opened
      const { accounts } = size
      await using first = startProcess({ folder, firstAccount: 1_000, accounts, dieAt: null })
      await using second = startProcess({ folder, firstAccount: 2_000, accounts, dieAt: null })
      await Promise.all([once(first.child, 'exit'), once(second.child, 'exit')])
      const state = await chain.state()
      const newcomers = state.neurons.slice(FIRST)
      const expected = [1_000, 2_000].flatMap((start) =>
        Array.from({ length: accounts }, (_, index) => accountOf(start + index)),
      )
      expect(newcomers.map(({ hotkey }) => hotkey).toSorted()).toEqual(expected.toSorted())
      expect(newcomers.map(({ registeredAt }) => registeredAt)).toEqual(
        newcomers.map((_neuron, index) => index + 1),
      )
    },
  )

  it('callers in one process: each sees what all others did', async () => {
    await using opened = await openSubnet(localSubnet())
    const { chain, signedBy } = opened
    const other = signedBy(validator)
    const registered = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (number) => {
        const hotkey = accountOf(1_000 + number)
        const chosen = number % 2 === 0 ? chain : other
        return await chosen.register({ hotkey, coldkey: hotkey, stake: 0n, score: 0 })
      }),
    )
    expect(registered.map(({ kind }) => kind)).toEqual(Array(6).fill('included'))
    expect(await chain.state()).toEqual(await other.state())
    expect((await chain.state()).neurons).toHaveLength(FIRST + 6)
  })

  it('waits for who holds the lock, until its signal', async () => {
    await using opened = await openSubnet(localSubnet())
    const { chain, folder } = opened
    await using _held = await acquireFolderLock({ folder, name: 'local-chain' })
    const signal = AbortSignal.timeout(60)
    await expect(chain.head({ signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('time', () => {
  it('passes with the clock, also while nobody looks, and never back', async () => {
    await using opened = await openSubnet(localSubnet())
    const { chain, clock } = opened
    expect(await chain.head()).toMatchObject({ blockNumber: 0, at: startedAt })
    await clock.advance(45_999)
    expect(await chain.head()).toMatchObject({ blockNumber: 45 })
    const late = opened.clock.now()
    expect(late.getTime() - (await chain.head()).at.getTime()).toBe(999)
    const early = openLocalChain({
      folder: opened.folder,
      clock: createManualClock(startedAt.getTime() - 1),
      log: silentLogger,
      createSubnet: null,
      signerHotkey: validator,
    })
    expect(await early.head()).toMatchObject({ blockNumber: 45 })
  })

  it('says how much it catches up with', async () => {
    await using opened = await openSubnet(localSubnet())
    await opened.chain.head()
    const said: unknown[] = []
    const chain = openLocalChain({
      folder: opened.folder,
      clock: createManualClock(startedAt.getTime() + 6_000_000),
      log: { ...silentLogger, info: (details, message) => void said.push([details, message]) },
      createSubnet: null,
      signerHotkey: validator,
    })
    expect(await chain.head()).toMatchObject({ blockNumber: 6_000 })
    expect(said).toEqual([
      [{ blocks: 6_000, epochs: 300 }, 'the local chain catches up with the blocks that passed'],
    ])
    await chain.head()
    expect(said).toHaveLength(1)
  })
})

describe('a folder that is no chain', () => {
  it('is told with its path and the way out', async () => {
    await using opened = await openSubnet(localSubnet())
    const { chain, folder } = opened
    await chain.head()
    const path = chainFilePath(folder)
    const text = await readFile(path, 'utf8')
    for (const broken of ['', '{', '[]', text.replace('"version":1', '"version":2'), text.slice(0, 300)]) {
      await writeFile(path, broken)
      await expect(chain.head()).rejects.toMatchObject({
        name: 'StorageError',
        code: 'corrupt_row',
        message: expect.stringContaining(`${path}: is not a local chain of this version; remove it`),
      })
    }
    await writeFile(path, text)
    expect(await chain.head()).toMatchObject({ blockNumber: 0 })
  })

  it('an empty one begins a chain only where that is wanted', async () => {
    await using opened = await openSubnet(localSubnet())
    const { folder, clock } = opened
    const chain = openLocalChain({
      folder,
      clock,
      log: silentLogger,
      createSubnet: null,
      signerHotkey: validator,
    })
    await expect(chain.head()).rejects.toMatchObject({
      name: 'ChainError',
      code: 'unreachable',
      message: expect.stringContaining('has no local chain'),
    })
    await rm(chainFilePath(folder), { force: true })
  })

  it('one that cannot be a folder is told', async () => {
    await using opened = await openSubnet(localSubnet())
    await opened.chain.head()
    const chain = openLocalChain({
      folder: chainFilePath(opened.folder),
      clock: opened.clock,
      log: silentLogger,
      createSubnet: () => localSubnet(),
      signerHotkey: validator,
    })
    await expect(chain.head()).rejects.toMatchObject({ name: 'StorageError', code: 'unavailable' })
  })
})
