import { connectDynamo, createDynamoRepositories } from '@subnetkit/storage-dynamo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { callValidator } from './fixtures/call-validator.ts'
import { startTestEngine, type TestEngine } from './fixtures/sampling-store.ts'
import { NOW, registrationOf, sampleOf } from './fixtures/scoring-store.ts'
import type { Ran } from './validator-under-test.ts'

const HOTKEY = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const OTHER = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  await run('config', 'set', 'environment.sat', '{"samplingRange": [0, 4]}', '--type', 'json')
  const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'subnetkit' })
  const { miners, samples } = createDynamoRepositories(connection)
  for (const [uid, hotkey] of [HOTKEY, OTHER].entries()) {
    await miners.put({ registration: registrationOf(hotkey, { uid, firstBlock: uid }), now: NOW })
    const scope = { minerHotkey: hotkey, environment: 'sat', generation: 1 }
    await samples.putBatch({
      samples: [0, 1, 2, 3].flatMap((taskId) => [
        sampleOf({ ...scope, modelRevision: 'v1', taskId }, 0.8),
        sampleOf({ ...scope, modelRevision: 'v0', taskId }, 0.1, {
          takenAt: new Date('2020-01-01T00:00:00Z'),
        }),
      ]),
    })
  }
  await connection.close()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
})

const run = async (...args: readonly string[]): Promise<Ran> => await callValidator(engine.dataDir, args)
const json = ({ stdout }: Ran): unknown => JSON.parse(stdout)

describe('validator scores', () => {
  it('has none at first, computes them, and shows the leaderboard and the history', async () => {
    const none = await run('scores', 'latest', '--json')
    expect(none.code).toBe(1)
    expect(json(none)).toMatchObject({ error: { code: 'not_found' } })
    expect(none.stderr).toMatch(/validator scores compute makes them/)

    const computed = await run('scores', 'compute', '--json')
    expect(computed.code).toBe(0)
    expect(json(computed)).toMatchObject({
      outcome: 'published',
      isLatest: true,
      newlyProtected: 1,
      snapshot: { blockNumber: 100, minerCount: 2, rule: 'layers' },
    })
    expect((await run('scores', 'compute')).stdout).toMatch(/Nothing has changed since the latest scores/)

    const latest = await run('scores', 'latest')
    expect(latest).toMatchObject({ code: 0, stderr: '' })
    expect(latest.stdout).toMatch(
      /1 +5Grwva…utQY +0 +100\.00% +1\.000 +sat +0\.800 \(\.\d{3}–\.\d{3}\) +100%/,
    )
    expect(latest.stdout).toMatch(/5FHneW…94ty is not clearly better anywhere than the earlier 5Grwva…utQY/)
    expect(json(await run('scores', 'latest', '--top', '1', '--json'))).toMatchObject({
      snapshot: { blockNumber: 100 },
      ownerShare: 0,
      items: [{ minerHotkey: HOTKEY, weight: 1, scoresByEnvironment: { sat: { sampleCount: 4 } } }],
    })

    const history = await run('scores', 'history', OTHER, '--json')
    expect(json(history)).toMatchObject({ items: [{ blockNumber: 100, weight: 0 }], nextCursor: null })
    expect((await run('scores', 'history', HOTKEY)).stdout).toMatch(
      /100 +\d\d-\d\d \d\d:\d\d +1 +0 +100\.00%/,
    )
    expect((await run('scores', 'history', 'unknown')).stdout).toMatch(/no scores of the last thirty days/)
  })

  it('refuses other scores of a block that has some, and says so', async () => {
    await run('config', 'set', 'scoring.burn', '0.5', '--type', 'number')
    const conflict = await run('scores', 'compute', '--block', '100', '--json')
    expect(conflict.code).toBe(1)
    expect(json(conflict)).toMatchObject({ error: { code: 'conflict' } })
    // Without a block it takes the next one.
    const next = await run('scores', 'compute')
    expect(next.stdout).toMatch(/block 101 .*[\s\S]*uid 0 gets 50\.00% on chain/)
  })

  it('refuses bad options with exit code 2', async () => {
    const refused = [
      [['scores', 'compute', '--block', '-1'], /--block/],
      [['scores', 'compute', '--keep-top', '33'], /--keep-top/],
      [['scores', 'latest', '--top', '0'], /--top/],
      [['scores', 'history', 'not a hotkey'], /<hotkey>/],
      [['retention', 'plan', '--older-than-days', '0'], /--older-than-days/],
      [['retention', 'apply'], /--yes: is missing, so nothing was removed; look at validator retention plan/],
      [['retention', 'protect', 'abc', 'v1'], /<hotkey>.*SS58/],
      [['retention', 'protect', HOTKEY, 'a b'], /<revision>/],
    ] as const
    await Promise.all(
      refused.map(async ([args, message]) => {
        const ran = await run(...args)
        expect(ran).toMatchObject({ code: 2, stdout: '' })
        expect(ran.stderr).toMatch(message)
      }),
    )
  })
})

describe('validator retention', () => {
  it('plans, protects by hand, applies, and lets go again', async () => {
    const plan = await run('retention', 'plan')
    expect(plan.code).toBe(0)
    expect(plan.stdout).toMatch(/5Grwva…utQY +v0 +sat +1 +4 +4 +2020-01-01/)
    expect(plan.stdout).toMatch(/8 samples in 2 scopes\. Next: validator retention apply --yes/)

    const kept = await run('retention', 'protect', HOTKEY, 'v0', '--because', 'reference')
    expect(kept.stdout).toMatch(/5Grwva\w+ v0 is protected since .*: reference/)
    const applied = await run('retention', 'apply', '--yes', '--json')
    expect(json(applied)).toMatchObject({
      removed: 4,
      groups: [{ scope: { minerHotkey: OTHER, modelRevision: 'v0' } }],
    })

    const freed = await run('retention', 'unprotect', HOTKEY, 'v0', '--json')
    expect(json(freed)).toMatchObject({ protectedBecause: null })
    expect((await run('retention', 'apply', '--yes')).stdout).toMatch(
      /4 samples removed, 0 models newly protected/,
    )
    expect((await run('retention', 'plan')).stdout).toMatch(/No sample is to be removed/)
  })

  it('has examples in the help of every command', async () => {
    const commands = [
      ['scores', 'compute'],
      ['scores', 'latest'],
      ['scores', 'history'],
      ['retention'],
      ['retention', 'plan'],
      ['retention', 'apply'],
      ['retention', 'protect'],
      ['retention', 'unprotect'],
    ]
    const helps = await Promise.all(commands.map((command) => run(...command, '--help')))
    for (const help of helps)
      expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
  })
})
