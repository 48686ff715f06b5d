import { minerRegistrationSchema, type PutSampleParams } from '@subnetkit/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { scoreMinersTask, type ScoredMiners, type ScoreMinersDeps } from '../src/tasks/score-miners.ts'
import { openTestStore, sharedEngine, type TestStore } from './fixtures/sampling-store.ts'
import {
  configure,
  NOW,
  registrationOf,
  runAt,
  sampleOf,
  testClock,
  withMethods,
} from './fixtures/scoring-store.ts'

const TASKS = 4
const environments = new Map([
  ['sat', { name: 'sat', scoreRange: [0, 1] as const, taskCount: 500 }],
  ['sci', { name: 'sci', scoreRange: [-100, 100] as const, taskCount: 500 }],
])

const engine = sharedEngine()
let test: TestStore
beforeAll(async () => {
  test = await openTestStore(engine)
})
afterAll(async () => {
  await test[Symbol.asyncDispose]()
})

const clock = testClock()
let run = 0
/** Hotkeys of a test's own; scores are of all miners, so each test makes those of the ones before invalid. */
const hotkey = (name: string): string => `${name}${run}`

beforeEach(async () => {
  run += 1
  for (const miner of await allMiners()) {
    const known = minerRegistrationSchema.strip().parse(miner)
    const registration = { ...known, invalidReason: 'of another test' }
    await test.repositories.miners.put({ registration, now: NOW })
  }
  await configure(test, 'environment.sat', { samplingRange: [0, TASKS] })
  await configure(test, 'environment.sci', { samplingRange: [0, TASKS] })
})

async function allMiners(): Promise<
  readonly Awaited<ReturnType<typeof test.repositories.miners.list>>['items'][number][]
> {
  return (await test.repositories.miners.list({ limit: 1_000 })).items
}

function scoresOf(
  minerHotkey: string,
  environment: string,
  scores: readonly number[],
  given: Readonly<{ generation?: number; blockNumber?: number; modelRevision?: string }> = {},
): readonly PutSampleParams[] {
  const { generation = 1, modelRevision = 'v1', ...taken } = given
  return scores.map((score, taskId) =>
    sampleOf({ minerHotkey, modelRevision, environment, generation, taskId }, score, taken),
  )
}

async function store(...samples: readonly (readonly PutSampleParams[])[]): Promise<void> {
  await test.repositories.samples.putBatch({ samples: samples.flat() })
}

async function register(name: string, changes: Parameters<typeof registrationOf>[1] = {}): Promise<string> {
  const registration = registrationOf(hotkey(name), changes)
  await test.repositories.miners.put({ registration, now: NOW })
  return registration.hotkey
}

async function scoreNow(
  blockNumber: number | null = null,
  repositories: ScoreMinersDeps['repositories'] = test.repositories,
): Promise<ScoredMiners> {
  return await runAt(
    clock,
    scoreMinersTask,
    { repositories, environments },
    { validatorHotkey: 'V', blockNumber, keepTop: 3 },
  )
}

/** Two miners: A first with 0.5 and 0, B later with 1 and 100. */
async function twoMiners(blockNumber = 100): Promise<readonly [string, string]> {
  const a = await register('A', { uid: 7, firstBlock: 10 })
  const b = await register('B', { uid: 8, firstBlock: 20 })
  await store(
    scoresOf(a, 'sat', [0, 1, 0, 1], { blockNumber }),
    scoresOf(a, 'sci', [-100, 100, 0, 0], { blockNumber }),
    scoresOf(b, 'sat', [1, 1, 1, 1], { blockNumber }),
    scoresOf(b, 'sci', [100, 100, 100, 100], { blockNumber }),
  )
  return [a, b]
}

describe('score-miners', () => {
  it('publishes scores with their snapshot, and protects the best', async () => {
    const [a, b] = await twoMiners(1_000)
    const result = await scoreNow()
    expect(result).toMatchObject({ outcome: 'published', isLatest: true, newlyProtected: 1 })
    const latest = await test.repositories.minerScores.findLatestSnapshot({ now: NOW })
    // The newest sample's block; B passes A's thresholds of 0.6 in both environments and takes everything.
    expect(latest).toMatchObject({
      blockNumber: 1_000,
      validatorHotkey: 'V',
      rule: 'layers',
      burn: 0,
      minerCount: 2,
      eligibleCount: 2,
      top: [{ minerHotkey: b, uid: 8, rank: 1, weight: 1 }],
      parameters: {
        maxLayers: 6,
        environments: [{ name: 'sat', scoringRange: [0, TASKS] }, { name: 'sci' }],
      },
    })
    const page = await test.repositories.minerScores.list({ snapshot: result.snapshot, now: NOW, limit: 10 })
    expect(page.items).toStrictEqual(result.scores)
    expect(page.items).toMatchObject([
      {
        minerHotkey: a,
        uid: 7,
        weight: 0,
        totalSamples: 8,
        reason: `is beaten everywhere by ${b}`,
        scoresByEnvironment: { sat: { score: 0.5, threshold: 0.6 }, sci: { score: 0.5, completeness: 1 } },
      },
      { minerHotkey: b, uid: 8, weight: 1, points: 6, firstBlock: 20 },
    ])
    const policy = await test.repositories.retentionPolicies.find({ minerHotkey: b, modelRevision: 'v1' })
    expect(policy?.protectedBecause).toBe('rank 1 at block 1000')
  })

  it('says the same of the same samples, and needs a later block for anything else', async () => {
    const [a] = await twoMiners(2_000)
    const first = await scoreNow()
    await clock.advance(60_000)
    const again = await scoreNow()
    expect(again).toMatchObject({ outcome: 'unchanged', isLatest: true, newlyProtected: 0 })
    expect(again.snapshot.snapshotId).toBe(first.snapshot.snapshotId)

    // The same block, one miner less: the scores of block 2000 stand, so these are of 2001.
    await test.repositories.miners.put({
      registration: registrationOf(a, { invalidReason: 'gone' }),
      now: NOW,
    })
    const changed = await scoreNow()
    expect(changed).toMatchObject({ outcome: 'published', snapshot: { blockNumber: 2_001, minerCount: 1 } })
    await expect(scoreNow(2_000)).rejects.toMatchObject({ name: 'StorageError', code: 'conflict' })
  })

  it('takes scores of an earlier block that is asked for, without making them the latest', async () => {
    await twoMiners(3_000)
    await scoreNow()
    expect(await scoreNow(2_500)).toMatchObject({ outcome: 'published', isLatest: false })
    const latest = await test.repositories.minerScores.findLatestSnapshot({ now: NOW })
    expect(latest?.blockNumber).toBe(3_000)
  })

  it('counts the highest generation of each task, within the configured ones', async () => {
    const a = await register('A')
    await store(
      scoresOf(a, 'sat', [1, 1, 1, 1], { generation: 0 }),
      scoresOf(a, 'sat', [0, 0], { generation: 2 }),
      scoresOf(a, 'sat', [0.5, 0.5, 0.5, 0.5], { generation: 3 }),
      scoresOf(a, 'sci', [0, 0, 0, 0]),
    )
    const meanAt = async (block: number, countedFrom: number): Promise<unknown> => {
      await configure(test, 'environment.sat', { samplingRange: [0, TASKS], generation: 2, countedFrom })
      const { scores } = await scoreNow(block)
      const { score: mean, sampleCount } = scores[0]?.scoresByEnvironment['sat'] ?? {}
      return { mean, sampleCount }
    }
    expect(await meanAt(4_000, 0)).toEqual({ mean: 0.5, sampleCount: 4 })
    expect(await meanAt(4_001, 1)).toEqual({ mean: 0, sampleCount: 2 })
  })

  it('scores the current model of registered, valid miners, paused or not', async () => {
    const [a, b] = await twoMiners(5_000)
    const left = await register('L', { uid: null })
    const bad = await register('X', { invalidReason: 'blacklisted' })
    await store(scoresOf(left, 'sat', [1, 1, 1, 1]), scoresOf(bad, 'sat', [1, 1, 1, 1]))
    await test.repositories.miners.pause({ hotkey: a, reason: 'test', until: null, now: NOW })
    // B serves another model now: what the former one earned does not count.
    const registration = registrationOf(b, { uid: 8, modelRevision: 'v2', lastBlock: 30 })
    await test.repositories.miners.put({ registration, now: NOW })
    const { scores } = await scoreNow(5_000)
    expect(
      scores.map(({ minerHotkey, totalSamples, weight }) => [minerHotkey, totalSamples, weight]),
    ).toEqual([
      [a, 8, 1],
      [b, 0, 0],
    ])
    expect(scores[1]).toMatchObject({
      modelRevision: 'v2',
      reason: 'has 0 of 4 samples in sat',
      isEligible: false,
    })
  })

  it('publishes nothing when a single scope cannot be read', async () => {
    const [a] = await twoMiners(6_000)
    const { samples } = test.repositories
    const failing: ScoreMinersDeps['repositories'] = {
      ...test.repositories,
      samples: withMethods<'samples'>(samples, {
        stream: (params, options) => {
          if (params.scope.minerHotkey === a && params.scope.environment === 'sci')
            throw new Error('cable cut')
          return samples.stream(params, options)
        },
      }),
    }
    await expect(scoreNow(6_000, failing)).rejects.toThrow('cable cut')
    expect(await test.repositories.minerScores.findSnapshot({ blockNumber: 6_000, now: NOW })).toBeNull()
  })

  it('protects the best in the next run when the one that published was killed before', async () => {
    const [, b] = await twoMiners(7_000)
    const { minerScores } = test.repositories
    const killed: ScoreMinersDeps['repositories'] = {
      ...test.repositories,
      minerScores: withMethods<'minerScores'>(minerScores, {
        publish: async (params, options) => {
          await minerScores.publish(params, options)
          throw new Error('killed')
        },
      }),
    }
    await expect(scoreNow(null, killed)).rejects.toThrow('killed')
    const subject = { minerHotkey: b, modelRevision: 'v1' }
    expect(await test.repositories.retentionPolicies.find(subject)).toBeNull()
    expect(await scoreNow()).toMatchObject({ outcome: 'unchanged', newlyProtected: 1 })
  })

  it('refuses a stored score outside its environment, by name', async () => {
    const a = await register('A')
    await store(scoresOf(a, 'sat', [1, 1.5]))
    await expect(scoreNow(8_000)).rejects.toThrow(`score of ${a} on task 1 of sat: 1.5 is outside`)
  })

  it('refuses to score nothing, and environments that nobody knows', async () => {
    await configure(test, 'environment.sat', { samplingRange: [0, 4], isScored: false })
    await configure(test, 'environment.sci', { samplingRange: [0, 4], isScored: false })
    await expect(scoreNow(9_000)).rejects.toThrow(/is not set for any environment that counts/)
    await configure(test, 'environment.sci', { samplingRange: [0, 501] })
    await expect(scoreNow(9_000)).rejects.toThrow(/goes beyond the last of 500 tasks/)
  })
})
