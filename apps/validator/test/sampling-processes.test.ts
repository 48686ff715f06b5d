import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startLocalMiners } from '../src/local-miners/start-local-miners.ts'
import { registerLocalMiners } from '../src/sampling/register-local-miners.ts'
import { callValidator } from './fixtures/call-validator.ts'
import { openTestStore, startTestEngine, type TestEngine, type TestStore } from './fixtures/sampling-store.ts'
import { configure } from './fixtures/sampling-subnet.ts'
import { bundledValidator, type Ran } from './validator-under-test.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const size = isSoak ? { miners: 8, tasks: 60, kills: 5 } : { miners: 2, tasks: 3, kills: 1 }
const seed = 7
/** Each look at the samples is a dozen of requests, which the workers wait for. */
const POLL_MS = 200

let main: string
let engine: TestEngine
beforeAll(async () => {
  ;[{ main }, engine] = await Promise.all([bundledValidator(), startTestEngine()])
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
})

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
}

function start(prefix: string, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      USER: 'alice',
      SUBNETKIT_DATA: engine.dataDir,
      DYNAMODB_TABLE_PREFIX: prefix,
    },
  })
  const closed = once(child, 'close')
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(([out, err]) => ({
    code: child.exitCode,
    out,
    err,
  }))
  return { child, ended }
}

const environments = ['sat', 'deduction', 'abduction'] as const

async function countSamples(store: TestStore, hotkeys: readonly string[]): Promise<number> {
  let count = 0
  for (const minerHotkey of hotkeys) {
    for (const environment of environments) {
      const present = await store.repositories.samples.listPresentTaskIds({
        scope: { minerHotkey, modelRevision: `seed-${seed}`, environment },
        fromGeneration: 0,
        toGeneration: 9,
      })
      count += present.length
    }
  }
  return count
}

describe('two worker processes', () => {
  it(
    'share the work; one is killed with -9 again and again, and every sample is there exactly once',
    { timeout: 300_000 },
    async () => {
      await using store = await openTestStore(engine)
      const { repositories } = store
      await using local = await startLocalMiners({ count: size.miners, seed, latencyMs: 30, stallMs: 100 })
      const { miners } = repositories
      await registerLocalMiners({ miners, localMiners: local.miners, seed, isRunning: true, now: new Date() })
      for (const name of environments) {
        await configure(repositories, `environment.${name}`, { samplingRange: [0, size.tasks] })
      }
      await configure(repositories, 'sampling.lease_ms', 2_000)
      await configure(repositories, 'sampling.pause_after_errors', 1_000)
      const run = ['sample', 'run', '--allow-private', '--workers', '4', '--json'] as const
      const hotkeys = local.miners.map(({ hotkey }) => hotkey)
      const expected = size.miners * size.tasks * environments.length

      const survivor = start(store.tablePrefix, ...run)
      let killed = 0
      for (let kill = 1; kill <= size.kills; kill += 1) {
        const victim = start(store.tablePrefix, ...run)
        const goal = Math.floor((expected * kill) / (size.kills + 2))
        while (victim.child.exitCode === null && (await countSamples(store, hotkeys)) < goal)
          await sleep(POLL_MS)
        victim.child.kill('SIGKILL')
        const { code } = await victim.ended
        if (code === null) killed += 1
      }
      const { code, out, err } = await survivor.ended
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
      expect(JSON.parse(out)).toMatchObject({ isComplete: true, missing: 0 })
      expect(killed).toBeGreaterThanOrEqual(1)

      expect(await countSamples(store, hotkeys)).toBe(expected)
      for (const hotkey of hotkeys) {
        const miner = await repositories.miners.find({ hotkey })
        expect(miner?.statistics.totalSamples).toBe(size.tasks * environments.length)
        const logs = await repositories.executionLogs.list({
          minerHotkey: hotkey,
          from: new Date(0),
          to: new Date(Date.now() + 60_000),
          now: new Date(),
          limit: 10_000,
        })
        const stored = logs.items.filter(({ outcome }) => outcome !== 'infrastructure_fault')
        expect(stored).toHaveLength(size.tasks * environments.length)
      }
    },
  )
})

describe('sample run', () => {
  it('watches for a first environment to be configured, and refuses to run without one otherwise', async () => {
    const prefix = `bare${Date.now()}`
    const refused = start(prefix, 'sample', 'run')
    expect((await refused.ended).code).toBe(2)
    const watching = start(prefix, 'sample', 'run', '--watch')
    let err = ''
    watching.child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
    while (!err.includes('watching until one is')) await sleep(50)
    watching.child.kill('SIGINT')
    expect((await watching.ended).code).toBe(130)
  })

  it('starts its own local miners, samples them, and ends Ctrl-C with 130 and nothing held', async () => {
    const prefix = `run${Date.now()}`
    const full = ['sample', 'run', '--local-miners', '2', '--seed', '3', '--tasks', '2']
    const { code, out } = await start(prefix, ...full).ended
    expect(code).toBe(0)
    expect(out).toMatch(/samples taken.*12, of them \d+ faults of miners/)

    const watching = start(prefix, ...full, '--watch')
    let err = ''
    watching.child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
    while (!err.includes('sampling')) await sleep(50)
    watching.child.kill('SIGINT')
    expect((await watching.ended).code).toBe(130)

    const look = async (...args: readonly string[]): Promise<Ran> =>
      await callValidator(engine.dataDir, args, { DYNAMODB_TABLE_PREFIX: prefix })
    const stats = await look('tasks', 'stats', '--json')
    expect(JSON.parse(stats.stdout)).toMatchObject({
      items: environments.toSorted().map((environment) => ({ environment, claimed: 0, quarantined: 0 })),
    })
    const list = await look('miners', 'list', '--json')
    expect(JSON.parse(list.stdout)).toMatchObject({
      items: [{ status: 'no endpoint' }, { status: 'no endpoint' }],
    })
  })
})
