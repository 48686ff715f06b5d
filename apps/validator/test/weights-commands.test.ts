import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@subnetkit/storage-clickhouse'
import { connectDynamo, createDynamoRepositories } from '@subnetkit/storage-dynamo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { callValidator } from './fixtures/call-validator.ts'
import { startTestEngine, type TestEngine } from './fixtures/sampling-store.ts'
import { NOW, registrationOf, sampleOf } from './fixtures/scoring-store.ts'
import type { Ran } from './validator-under-test.ts'

const BEST = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const OTHER = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

let engine: TestEngine
/** Of the record; held, so that each command joins it. */
let recordEngine: EmbeddedClickHouse
beforeAll(async () => {
  engine = await startTestEngine()
  recordEngine = await startEmbeddedClickHouse({ folder: engine.dataDir, lingerMs: 0 })
  await run('config', 'set', 'environment.sat', '{"samplingRange": [0, 4]}', '--type', 'json')
  const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'subnetkit' })
  const { miners, samples } = createDynamoRepositories(connection)
  for (const [place, hotkey] of [BEST, OTHER].entries()) {
    await miners.put({ registration: registrationOf(hotkey, { uid: place, firstBlock: place }), now: NOW })
    const key = { minerHotkey: hotkey, environment: 'sat', generation: 1, modelRevision: 'v1' }
    await samples.putBatch({
      samples: [0, 1, 2, 3].map((taskId) => sampleOf({ ...key, taskId }, hotkey === BEST ? 0.9 : 0.4)),
    })
  }
  await connection.close()
})
afterAll(async () => {
  await recordEngine.close()
  await engine[Symbol.asyncDispose]()
})

const run = async (...args: readonly string[]): Promise<Ran> => await callValidator(engine.dataDir, args)
const fast = ['--block-ms', '50']
const storySchema = z.object({
  neuron: z.object({ uid: z.int(), incentive: z.int() }),
  cycle: z.object({ state: z.string(), snapshotId: z.string() }),
  environments: z.array(z.object({ environment: z.string(), sampleIds: z.array(z.string()) })),
  trace: z.object({ pathway: z.string(), submittedValue: z.int() }),
  traceSource: z.string(),
})

describe('weights from scores to incentive', () => {
  it('says what is missing before there are scores', async () => {
    const { code, stdout } = await run('weights', 'submit', ...fast)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /Nothing is submitted: there are no scores\.\nNext: make them: validator scores compute/,
    )
    const none = await run('weights', 'explain', BEST)
    expect(none.code).toBe(2)
    expect(none.stderr).toMatch(/weights: were not submitted yet; submit some: validator weights submit/)
  })

  it('submits the newest scores, follows them into effect, and explains a miner down to its samples', async () => {
    expect((await run('scores', 'compute', '--block', '7')).code).toBe(0)
    const submitted = await run('weights', 'watch', '--until-settled', '--every', '50', ...fast)
    expect(submitted.stderr).toContain('A block has the weights')
    expect(submitted.code).toBe(0)
    expect(submitted.stdout).toMatch(/Cycle [0-9a-f]{32}: effective\./)

    const explained = await run('weights', 'explain', BEST, '--json')
    expect(explained.code).toBe(0)
    const story = storySchema.parse(JSON.parse(explained.stdout))
    expect(story.cycle.state).toBe('effective')
    expect(story).toMatchObject({ trace: { pathway: 'rule', submittedValue: 65_535 }, traceSource: 'record' })
    expect(story.neuron.incentive).toBeGreaterThan(32_768)
    const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'subnetkit' })
    const { samples, minerScores } = createDynamoRepositories(connection)
    const scope = { minerHotkey: BEST, environment: 'sat', modelRevision: 'v1' }
    const stored = (await samples.list({ scope, fromGeneration: 0, toGeneration: 1, limit: 10 })).items
    expect(story.environments).toEqual([
      { environment: 'sat', sampleIds: stored.map(({ sampleId }) => sampleId) },
    ])
    const latest = await minerScores.findLatestSnapshot({ now: new Date() })
    expect(story.cycle.snapshotId).toBe(latest?.snapshotId)
    await connection.close()

    const byUid = await run('weights', 'explain', String(story.neuron.uid))
    expect(byUid.stdout).toMatch(/^uid \d+, hotkey 5Grwva/)
    expect(byUid.stdout).toMatch(/Our weights: cycle [0-9a-f]{32} \(effective\)/)
    expect(byUid.stdout).toMatch(/rank 1, .* points/)
    expect(byUid.stdout).toMatch(
      /sat: mean 0\.9 \(.*\) of 4 samples, 100 % of the tasks; samples [0-9a-f]{32}/,
    )

    const again = await run('weights', 'submit', ...fast)
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toMatch(
      /Nothing to submit before block \d+ \(now \d+\): these scores are in effect already\./,
    )
  })

  it('holds the record against what was submitted, and says when a threshold is crossed', async () => {
    const whole = await run('stats', 'health')
    expect(whole).toMatchObject({ code: 0 })
    expect(whole.stdout).toMatch(/cycles without traces +│ 0 /)
    expect(whole.stdout).toContain('All within the thresholds of stats.record.')
    await run('config', 'set', 'stats.record', '{"warnAbove": {"tableBytes": 1}}', '--type', 'json')
    const large = await run('stats', 'health')
    expect(large).toMatchObject({ code: 1 })
    expect(large.stdout).toMatch(
      /Warning: \d+ bytes are taken up by the record; stats\.record warns above 1\./,
    )
    await run('config', 'set', 'stats.record', '{}', '--type', 'json')
  })

  it('shows the chain and how the validator stands there', async () => {
    const { code, stdout } = await run('chain', 'status')
    expect(code).toBe(0)
    expect(stdout).toMatch(/local chain in .*local-chain\/1, subnet 1, block \d+/)
    expect(stdout).toMatch(/neurons +│ 6, of them [12] with incentive/)
    expect(stdout).toMatch(/permit +│ yes/)
  })

  it.each([
    [['weights', 'explain', '99'], /uid: 99 is nobody's on subnet 1; give a uid below 6, or a hotkey/],
    [['weights', 'explain', 'no hotkey'], /miner.*letters or digits/],
    [['weights', 'submit', '--netuid', '70000'], /netuid/],
    [['weights', 'submit', '--block-ms', '1'], /block-ms/],
    [['weights', 'watch', '--every', 'often'], /every/],
    [['weights', 'watch', '--metrics-port', '70000'], /metrics-port/],
    [['weights', 'submit', '--record-wait', '-1'], /record-wait/],
    [['stats', 'health', '--cycles', '0'], /cycles/],
  ])('refuses %j with what is wrong', async (args, message) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('refuses settings that do not fit, and sends nothing', async () => {
    await run(
      'config',
      'set',
      'weights.submission',
      '{"burnTo": "owner", "maxAttempts": 0}',
      '--type',
      'json',
    )
    const { code, stderr } = await run('weights', 'submit', ...fast)
    expect(code).toBe(2)
    expect(stderr).toMatch(/weights\.submission.*maxAttempts/)
    await run('config', 'set', 'weights.submission', '{}', '--type', 'json')
  })
})
