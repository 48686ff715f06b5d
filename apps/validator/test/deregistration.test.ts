import { join } from 'node:path'

import { createClock, silentLogger } from '@subnetkit/core'
import { connectDynamo, createDynamoRepositories, type DynamoRepositories } from '@subnetkit/storage-dynamo'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import { openLocalChain } from '../src/adapters/local-chain/open-local-chain.ts'
import { callValidator } from './fixtures/call-validator.ts'
import { keysOf } from './fixtures/local-subnet.ts'
import { startTestEngine, type TestEngine } from './fixtures/sampling-store.ts'
import { NOW, registrationOf, sampleOf } from './fixtures/scoring-store.ts'
import type { Ran } from './validator-under-test.ts'

const [kept, old, newcomer] = [keysOf(50), keysOf(51), keysOf(52)]
const fast = ['--block-ms', '50']

let engine: TestEngine
let repositories: DynamoRepositories
let close: () => Promise<void>
beforeAll(async () => {
  engine = await startTestEngine()
  await run('config', 'set', 'environment.sat', '{"samplingRange": [0, 4]}', '--type', 'json')
  const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'subnetkit' })
  close = async () => await connection.close()
  repositories = createDynamoRepositories(connection)
  for (const [place, { hotkey }] of [kept, old].entries()) {
    await repositories.miners.put({
      registration: registrationOf(hotkey, { uid: 90 + place, endpoint: 'http://127.0.0.1:9/v1' }),
      now: NOW,
    })
    const key = { minerHotkey: hotkey, environment: 'sat', generation: 1, modelRevision: 'v1' }
    await repositories.samples.putBatch({
      samples: [0, 1, 2, 3].map((taskId) => sampleOf({ ...key, taskId }, 0.5 + place / 4)),
    })
  }
})
afterAll(async () => {
  await close()
  await engine[Symbol.asyncDispose]()
})

const run = async (...args: readonly string[]): Promise<Ran> => await callValidator(engine.dataDir, args)
const cycleSchema = z.object({
  cycle: z.object({ state: z.string(), weights: z.array(z.object({ hotkey: z.string(), uid: z.int() })) }),
})
const reportSchema = z.object({
  changes: z.array(z.object({ hotkey: z.string(), kind: z.string(), from: z.int(), to: z.int().nullable() })),
  failures: z.array(z.unknown()),
  waiting: z.int(),
})

/** Hotkeys and uids that the newest weights were sent for, once they are in effect. */
async function weighed(): Promise<Readonly<Record<string, number>>> {
  const { stdout, code } = await run(
    'weights',
    'watch',
    '--until-settled',
    '--every',
    '50',
    '--json',
    ...fast,
  )
  expect(code).toBe(0)
  const { cycle } = cycleSchema.parse(JSON.parse(stdout))
  expect(cycle.state).toBe('effective')
  return Object.fromEntries(cycle.weights.map(({ hotkey, uid }) => [hotkey, uid]))
}

it(
  'a newcomer at the uid of a deregistered miner starts with nothing of it',
  { timeout: 60_000 },
  async () => {
    const first = await run('miners', 'sync', '--json', ...fast)
    expect(first.code).toBe(0)
    const uids = Object.fromEntries(
      reportSchema.parse(JSON.parse(first.stdout)).changes.map(({ hotkey, to }) => [hotkey, to]),
    )
    await run('scores', 'compute', '--block', '100')
    // By the rule `layers` the better one gets everything.
    expect(await weighed()).toEqual({ [old.hotkey]: uids[old.hotkey] })

    const chain = openLocalChain({
      folder: join(engine.dataDir, 'local-chain', '1'),
      clock: createClock({ now: Date.now }),
      log: silentLogger,
      createSubnet: null,
      signerHotkey: kept.hotkey,
    })
    await chain.deregister({ hotkey: old.hotkey, newcomer: { ...newcomer, stake: 0n, score: 0 } })
    await chain.close()
    const added = [
      '--endpoint',
      'http://127.0.0.1:9/v1',
      '--model',
      'm',
      '--revision',
      'v1',
      '--model-hash',
      'hash',
    ]
    await run('miners', 'add', newcomer.hotkey, ...added, '--uid', '200')

    const dry = await run('miners', 'sync', '--dry-run')
    expect(dry.stdout).toMatch(/2 miners changed, 1 as before[^]*A dry run: nothing is stored/)
    const synced = await run('miners', 'sync', '--json')
    expect(synced.code).toBe(0)
    const report = reportSchema.parse(JSON.parse(synced.stdout))
    expect(report).toMatchObject({ failures: [], waiting: 0 })
    expect(report.changes.map(({ hotkey, kind, to }) => [hotkey, kind, to])).toEqual(
      [
        [old.hotkey, 'replaced', null],
        [newcomer.hotkey, 'moved', uids[old.hotkey]],
      ].toSorted(),
    )
    const again = await run('miners', 'sync')
    expect(again.stdout).toMatch(/0 miners changed, 3 as before/)
    const listed = await run('miners', 'list', '--json')
    expect(listed.stdout).toMatch(/"status": ?"deregistered"/)

    await run('scores', 'compute', '--block', '101')
    const latest = await repositories.minerScores.findLatestSnapshot({ now: new Date() })
    expect(latest).toMatchObject({ blockNumber: 101, minerCount: 2 })
    if (latest === null) expect.unreachable()
    const { items } = await repositories.minerScores.list({ snapshot: latest, limit: 10, now: new Date() })
    const scored = new Map(items.map((score) => [score.minerHotkey, score]))
    expect([...scored.keys()].toSorted()).toEqual([kept.hotkey, newcomer.hotkey].toSorted())
    expect(scored.get(newcomer.hotkey)).toMatchObject({ uid: uids[old.hotkey], weight: 0 })
    expect(scored.get(newcomer.hotkey)?.scoresByEnvironment['sat']?.sampleCount ?? 0).toBe(0)
    expect(await weighed()).toEqual({ [kept.hotkey]: uids[kept.hotkey] })
  },
)
