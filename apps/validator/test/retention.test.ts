import type { ManualClock, PutSampleParams, SampleScope } from '@subnetkit/core'
import { beforeEach, describe, expect, it } from 'vitest'

import { buildSnapshot } from '../src/scoring/build-snapshot.ts'
import { parseScoringSettings } from '../src/scoring/scoring-settings.ts'
import { applyRetentionTask, type AppliedRetention } from '../src/tasks/apply-retention.ts'
import { planRetentionTask, type RetentionDeps, type RetentionPlan } from '../src/tasks/plan-retention.ts'
import { openTestStore, sharedEngine, type TestStore } from './fixtures/sampling-store.ts'
import { NOW, registrationOf, runAt, sampleOf, testClock, withMethods } from './fixtures/scoring-store.ts'

const DAY_MS = 86_400_000
const OLD = new Date(NOW.getTime() - 91 * DAY_MS)
const YOUNG = new Date(NOW.getTime() - 89 * DAY_MS)
const context = { keepTop: 3, olderThanDays: 90, includesCurrent: false }

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

const engine = sharedEngine()
let store: TestStore
let clock: ManualClock
beforeEach(async () => {
  store = await openTestStore(engine)
  clock = testClock()
})

const plan = async (deps: RetentionDeps = store, changes = {}): Promise<RetentionPlan> =>
  await runAt(clock, planRetentionTask, deps, { ...context, ...changes })
const apply = async (deps: RetentionDeps = store, changes = {}): Promise<AppliedRetention> =>
  await runAt(clock, applyRetentionTask, deps, { ...context, ...changes })

function scopeOf(minerHotkey: string, modelRevision = 'v1', environment = 'sat'): SampleScope {
  return { minerHotkey, modelRevision, environment }
}

function samplesOf(
  scope: SampleScope,
  count: number,
  takenAt: Date,
  firstTask = 0,
): readonly PutSampleParams[] {
  return Array.from({ length: count }, (_none, index) =>
    sampleOf({ ...scope, generation: 1, taskId: firstTask + index }, 1, { takenAt }),
  )
}

async function countOf(scope: SampleScope): Promise<number> {
  let count = 0
  for await (const _sample of store.repositories.samples.stream({
    scope,
    fromGeneration: 0,
    toGeneration: 9,
  })) {
    count += 1
  }
  return count
}

/** Publishes a snapshot in which the named miners have the only weight, in this order of ranks. */
async function publish(blockNumber: number, hotkeys: readonly string[]): Promise<void> {
  const known = new Map([['sat', { name: 'sat', scoreRange: [0, 1] as const, taskCount: 9 }]])
  const configured = new Map([
    ['environment.sat', { type: 'json' as const, value: { samplingRange: [0, 9] } }],
  ])
  const miners = new Map<
    string,
    Parameters<typeof buildSnapshot>[0]['miners'] extends ReadonlyMap<string, infer M> ? M : never
  >()
  for (const hotkey of hotkeys) {
    const found = await store.repositories.miners.find({ hotkey })
    if (found !== null) miners.set(hotkey, { ...found, modelRevision: 'v1' })
  }
  const scores = hotkeys.map((minerHotkey, index) => ({
    minerHotkey,
    rank: index + 1,
    points: hotkeys.length - index,
    weight: 1 / 2 ** (index + 1),
    averageScore: 1,
    confidenceLower: 1,
    confidenceUpper: 1,
    scoresByLayer: {},
    scoresByEnvironment: {},
    totalSamples: 1,
    isEligible: true,
    meetsCriteria: true,
    reason: null,
  }))
  const settings = parseScoringSettings(configured, known)
  await store.repositories.minerScores.publish(
    buildSnapshot({ settings, scores, miners, validatorHotkey: 'V', blockNumber, now: NOW }),
  )
}

/**
 * Five miners: A to D were ranked 1 to 4 once, A fell behind later; E never was. All serve `v2` now, so that `v1` may go.
 * Each has old samples of v1 in two environments, some young ones, and old ones of the current v2.
 */
async function fiveMiners(): Promise<void> {
  for (const [index, hotkey] of ['A', 'B', 'C', 'D', 'E'].entries()) {
    const registration = registrationOf(hotkey, { uid: index, modelRevision: 'v2' })
    await store.repositories.miners.put({ registration, now: NOW })
  }
  await publish(100, ['A', 'B', 'C', 'D'])
  await publish(200, ['B', 'C', 'D', 'A'])
  const samples = ['A', 'B', 'C', 'D', 'E'].flatMap((hotkey) => [
    ...samplesOf(scopeOf(hotkey), 5, OLD),
    ...samplesOf(scopeOf(hotkey), 2, YOUNG, 5),
    ...samplesOf(scopeOf(hotkey, 'v1', 'ded'), 3, OLD),
    ...samplesOf(scopeOf(hotkey, 'v2'), 1, OLD),
  ])
  await store.repositories.samples.putBatch({ samples })
}

describe('retention', () => {
  it('plans without changing anything', async () => {
    await fiveMiners()
    const planned = await plan()
    expect(planned.cutoff).toEqual(new Date(NOW.getTime() - 90 * DAY_MS))
    // D was third in the second snapshot, so all four were among the best three at some time.
    expect(planned.protect.map(({ minerHotkey, because }) => [minerHotkey, because])).toEqual([
      ['A', 'rank 1 at block 100'],
      ['B', 'rank 1 at block 200'],
      ['C', 'rank 2 at block 200'],
      ['D', 'rank 3 at block 200'],
    ])
    expect(planned.keep.filter(({ decision }) => decision === 'protected')).toHaveLength(4)
    expect(planned.keep.filter(({ decision }) => decision === 'current')).toHaveLength(5)
    expect(planned.remove).toEqual([
      { scope: scopeOf('E', 'v1', 'ded'), generation: 1, sampleCount: 3, expiredCount: 3, oldest: OLD },
      { scope: scopeOf('E'), generation: 1, sampleCount: 7, expiredCount: 5, oldest: OLD },
    ])
    expect(
      await store.repositories.retentionPolicies.find({ minerHotkey: 'A', modelRevision: 'v1' }),
    ).toBeNull()
    expect(await countOf(scopeOf('E'))).toBe(7)
  })

  it('removes what it planned, protects the best, and finds nothing more to do', async () => {
    await fiveMiners()
    const applied = await apply()
    expect(applied).toMatchObject({ removed: 8, newlyProtected: 4 })
    expect(applied.groups.map(({ removed }) => removed)).toEqual([3, 5])
    expect([
      await countOf(scopeOf('E')),
      await countOf(scopeOf('A')),
      await countOf(scopeOf('E', 'v2')),
    ]).toEqual([2, 7, 1])
    const policy = await store.repositories.retentionPolicies.find({ minerHotkey: 'E', modelRevision: 'v1' })
    expect(policy).toMatchObject({ lastCleanupAt: NOW, protectedBecause: null })
    expect(await apply()).toMatchObject({ removed: 0, newlyProtected: 0, groups: [] })
  })

  it('keeps a protected model after its snapshots are gone', async () => {
    await fiveMiners()
    await apply()
    await clock.advance(200 * DAY_MS)
    const later = await plan()
    expect(later.protect).toEqual([])
    expect(later.keep).toContainEqual({
      minerHotkey: 'A',
      modelRevision: 'v1',
      decision: 'protected',
      because: 'rank 1 at block 100',
    })
    // What was young then is old now.
    expect(later.remove).toMatchObject([{ scope: scopeOf('E'), expiredCount: 2 }])
  })

  it('removes current models only when told to', async () => {
    await fiveMiners()
    const planned = await plan(store, { includesCurrent: true, keepTop: 0 })
    expect(planned.remove.filter(({ scope }) => scope.modelRevision === 'v2')).toHaveLength(5)
    expect(planned.protect).toEqual([])
  })

  it('stops when the model is protected while it runs', async () => {
    await store.repositories.miners.put({
      registration: registrationOf('E', { modelRevision: 'v2' }),
      now: NOW,
    })
    await store.repositories.samples.putBatch({ samples: samplesOf(scopeOf('E'), 150, OLD) })
    const { samples, retentionPolicies } = store.repositories
    const racing: RetentionDeps = {
      repositories: {
        ...store.repositories,
        samples: withMethods<'samples'>(samples, {
          remove: async (params, options) => {
            const gone = await samples.remove(params, options)
            await retentionPolicies.protect({
              minerHotkey: 'E',
              modelRevision: 'v1',
              because: 'by hand',
              now: NOW,
            })
            return gone
          },
        }),
      },
    }
    const applied = await apply(racing)
    expect(applied.groups).toMatchObject([{ removed: 100, wasProtected: true }])
    expect(await countOf(scopeOf('E'))).toBe(50)
    const policy = await retentionPolicies.find({ minerHotkey: 'E', modelRevision: 'v1' })
    expect(policy).toMatchObject({ protectedBecause: 'by hand', lastCleanupAt: null })
  })

  it('ends the same when it was killed before any of its requests and run again', async () => {
    await store.repositories.miners.put({
      registration: registrationOf('E', { modelRevision: 'v2' }),
      now: NOW,
    })
    await store.repositories.miners.put({
      registration: registrationOf('A', { modelRevision: 'v2' }),
      now: NOW,
    })
    await publish(100, ['A'])
    const all = [
      ...samplesOf(scopeOf('E'), 2, OLD),
      ...samplesOf(scopeOf('E', 'v1', 'ded'), 1, OLD),
      ...samplesOf(scopeOf('A'), 2, OLD),
    ]
    let isKilled = true
    let requests = 0
    for (; isKilled; requests += isSoak ? 1 : 9) {
      await store.repositories.samples.putBatch({ samples: all })
      await store.repositories.retentionPolicies.unprotect({
        minerHotkey: 'A',
        modelRevision: 'v1',
        now: NOW,
      })
      await using dying = await openTestStore(engine, {
        tablePrefix: store.tablePrefix,
        wrap: (documents) => dyingAfter(documents, requests),
      })
      isKilled = await apply(dying).then(
        () => false,
        () => true,
      )
      await apply()
      expect([
        await countOf(scopeOf('E')),
        await countOf(scopeOf('E', 'v1', 'ded')),
        await countOf(scopeOf('A')),
      ]).toEqual([0, 0, 2])
      const policy = await store.repositories.retentionPolicies.find({
        minerHotkey: 'A',
        modelRevision: 'v1',
      })
      expect(policy?.protectedBecause).toBe('rank 1 at block 100')
    }
    expect(requests).toBeGreaterThan(20)
  })
})

type DocumentCalls = Parameters<NonNullable<NonNullable<Parameters<typeof openTestStore>[1]>['wrap']>>[0]

/** Requests go through until so many have; then the process is dead. */
function dyingAfter(documents: DocumentCalls, requests: number): DocumentCalls {
  let left = requests
  return new Proxy(documents, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return async (...args: readonly unknown[]): Promise<unknown> => {
        left -= 1
        if (left < 0) throw new Error('killed')
        return await Reflect.apply(member, target, args)
      }
    },
  })
}
