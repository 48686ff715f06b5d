import { StorageError } from '@subnetkit/core'
import { buildTaskScore } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Validator } from '../src/compose.ts'
import { ChainError, type Metagraph } from '../src/ports/chain.ts'
import type { RecordStore } from '../src/ports/record-store.ts'
import { metagraphOf, neuronOf } from './fixtures/chain-values.ts'
import { openValidator } from './fixtures/open-validator.ts'
import {
  borrowed,
  openRegistry,
  ours,
  type RegistryUnderTest,
  theirs,
} from './fixtures/registry-under-test.ts'
import { startTestEngine, type TestEngine } from './fixtures/sampling-store.ts'
import { withMethods } from './fixtures/scoring-store.ts'

/** After a step is before the next one, nearly: the soak looks at both. */
const moments = process.env['SUBNETKIT_SOAK'] === '1' ? (['before', 'after'] as const) : (['after'] as const)

let engine: TestEngine
let record: RecordStore
let validator: Validator
beforeAll(async () => {
  engine = await startTestEngine()
  const { dataDir } = engine
  validator = await openValidator(dataDir)
  record = await validator.openRecord()
})
afterAll(async () => {
  await record[Symbol.asyncDispose]()
  await validator[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

const open = async (uids: Readonly<Record<string, number>>): Promise<RegistryUnderTest> =>
  await openRegistry(engine, record.repositories, uids)

const died = new StorageError({ code: 'unknown', message: 'it fails here' })
const fail = async (): Promise<never> => await Promise.reject(died)

describe('a sync with the chain', () => {
  it('moves, deregisters and takes back, and puts right only what hung on the uid that was left', async () => {
    await using registry = await open({ a: 1, b: 2, c: 3 })
    for (const [hotkey, uid] of [
      ['a', 1],
      ['b', 2],
      ['b', 1],
      ['c', 3],
    ] as const)
      await registry.keep(hotkey, uid)
    await registry.keep('a', 1, theirs)
    registry.chain(100, ['owner', 'a', 'b', 'c'])
    const first = await registry.sync({ openRecord: fail })
    expect(first.changes.map(({ kind }) => kind)).toEqual(['joined', 'joined', 'joined'])
    expect(first).toMatchObject({ failures: [], settled: [], waiting: 0, unchanged: 0, blockNumber: 100 })

    await registry.clock.advance(1_000)
    registry.chain(200, ['owner', 'b', 'newcomer', 'c'])
    const second = await registry.sync()
    expect(second.changes.map(({ hotkey, kind, from, to }) => [hotkey, kind, from, to])).toEqual([
      ['a', 'replaced', 1, null],
      ['b', 'moved', 2, 1],
    ])
    expect(second.newcomers.map(({ hotkey }) => hotkey)).toEqual(['owner', 'newcomer'])
    expect(second.settled).toEqual(
      expect.arrayContaining([
        { hotkey: 'a', uid: 1, withdrawnScores: 2, buriedPeriods: 1 },
        { hotkey: 'b', uid: 2, withdrawnScores: 2, buriedPeriods: 1 },
      ]),
    )
    expect(await registry.kept('a', 1)).toEqual([0, true])
    expect(await registry.kept('b', 2)).toEqual([0, true])
    expect(await registry.kept('b', 1)).toEqual([2, false])
    expect(await registry.kept('c', 3)).toEqual([2, false])
    expect(await registry.kept('a', 1, theirs)).toEqual([2, false])
    expect(await registry.miners.find({ hotkey: 'a' })).toMatchObject({ uid: null, departures: [] })

    registry.chain(300, ['owner', 'b', 'a', 'c'])
    await registry.keep('a', 2)
    expect((await registry.sync()).changes).toMatchObject([{ hotkey: 'a', kind: 'returned', to: 2 }])
    expect(await registry.kept('a', 2)).toEqual([2, false])
    expect(await registry.miners.find({ hotkey: 'a' })).toMatchObject({ uid: 2, departures: [] })
  })

  it('changes nothing when repeated, and notes the block all the same', async () => {
    await using registry = await open({ a: 1 })
    registry.chain(100, ['owner', 'a'])
    await registry.sync()
    registry.chain(150, ['owner', 'a'])
    expect(await registry.sync()).toMatchObject({ changes: [], settled: [], unchanged: 1, refusal: null })
    registry.chain(149, ['owner', 'x'])
    const late = await registry.sync()
    expect(late).toMatchObject({ changes: [], blockNumber: 149, refusal: { reason: 'older_block' } })
    expect((await registry.miners.find({ hotkey: 'a' }))?.place).toMatchObject({ uid: 1, blockNumber: 150 })
  })

  it('says in a dry run what it would do, and does nothing', async () => {
    await using registry = await open({ a: 1 })
    registry.chain(100, ['owner', 'b'])
    const dry = await registry.sync({ isDryRun: true, openRecord: fail })
    expect(dry).toMatchObject({ changes: [{ hotkey: 'a', kind: 'replaced' }], waiting: 0, failures: [] })
    expect(await registry.miners.find({ hotkey: 'a' })).toMatchObject({ uid: 1, place: null })
  })

  it('withdraws nothing of a hotkey that is back at its uid before the record was put right', async () => {
    await using registry = await open({ a: 1 })
    await registry.keep('a', 1)
    registry.chain(100, ['owner', 'b'])
    await registry.clock.advance(1_000)
    expect(await registry.sync({ openRecord: fail })).toMatchObject({
      waiting: 1,
      failures: [{ step: 'record' }],
    })
    registry.chain(200, ['owner', 'a'])
    await registry.clock.advance(1_000)
    const scored = { netuid: registry.netuid, validatorHotkey: ours, hotkey: 'a', uid: 1, taskId: 'new' }
    await record.repositories.taskScores.put({
      scores: [buildTaskScore({ ...scored, scoredAt: registry.clock.now() })],
    })
    expect(await registry.sync()).toMatchObject({ settled: [{ withdrawnScores: 2 }], waiting: 0 })
    expect((await registry.kept('a', 1))[0]).toBe(1)
  })
})

describe('what fails in a sync', () => {
  it('keeps nobody else and no other table from being put right, and is done by the next', async () => {
    await using registry = await open({ a: 1, b: 2 })
    for (const [hotkey, uid] of [
      ['a', 1],
      ['b', 2],
    ] as const)
      await registry.keep(hotkey, uid)
    registry.chain(100, ['owner'])
    await registry.clock.advance(1_000)
    const { taskScores, minerPerformances } = record.repositories
    const failing = {
      ...record.repositories,
      taskScores: {
        ...taskScores,
        withdraw: async (params: Parameters<typeof taskScores.withdraw>[0]) =>
          params.hotkey === 'a' ? await fail() : await taskScores.withdraw(params),
      },
      minerPerformances,
    }
    const first = await registry.sync({ openRecord: async () => borrowed(failing) })
    expect(first).toMatchObject({ settled: [{ hotkey: 'b' }], waiting: 1 })
    expect(first.failures).toEqual([{ step: 'task_scores', hotkey: 'a', uid: 1, message: 'it fails here' }])
    expect([await registry.kept('a', 1), await registry.kept('b', 2)]).toEqual([
      [2, true],
      [0, true],
    ])
    const second = await registry.sync()
    expect(second.settled).toEqual([{ hotkey: 'a', uid: 1, withdrawnScores: 2, buriedPeriods: 0 }])
    expect(await registry.kept('a', 1)).toEqual([0, true])
  })

  it('leaves a miner that cannot be placed as it is, and places the others', async () => {
    await using registry = await open({ a: 1, b: 2 })
    registry.chain(100, ['owner', 'b'])
    const { miners } = registry
    const place: typeof miners.place = async (params, options) =>
      params.hotkey === 'a' ? await fail() : await miners.place(params, options)
    const repositories = { miners: withMethods<'miners'>(miners, { place }) }
    const first = await registry.sync({ repositories })
    expect(first.changes.map(({ hotkey }) => hotkey)).toEqual(['b'])
    expect(first.failures).toMatchObject([{ step: 'registry', hotkey: 'a' }])
    expect((await registry.sync()).changes).toMatchObject([{ hotkey: 'a', kind: 'replaced' }])
  })

  it('is made good by the next run, wherever a run dies', async () => {
    const steps = ['place', 'withdraw', 'bury', 'settle'] as const
    for (const step of steps) {
      for (const moment of moments) {
        await using registry = await open({ a: 1, b: 2 })
        await registry.keep('a', 1)
        registry.chain(100, ['owner', 'a', 'b'])
        await registry.sync()
        registry.chain(200, ['owner', 'x', 'b'])
        await registry.clock.advance(1_000)
        const killed = signalled()
        const dying =
          <Params, Result>(name: (typeof steps)[number], call: (params: Params) => Promise<Result>) =>
          async (params: Params): Promise<Result> => {
            if (name === step && moment === 'before') return await die(killed)
            const result = await call(params)
            return name === step ? await die(killed) : result
          }
        const { miners } = registry
        const { taskScores, minerPerformances } = record.repositories
        void registry.sync({
          repositories: {
            miners: withMethods<'miners'>(miners, {
              place: dying('place', async (params) => await miners.place(params)),
              settle: dying('settle', async (params) => await miners.settle(params)),
            }),
          },
          openRecord: async () =>
            borrowed({
              ...record.repositories,
              taskScores: {
                ...taskScores,
                withdraw: dying('withdraw', async (params) => await taskScores.withdraw(params)),
              },
              minerPerformances: {
                ...minerPerformances,
                bury: dying('bury', async (params) => await minerPerformances.bury(params)),
              },
            }),
        })
        await killed.seen
        // The process that was killed does nothing more, nor does it end.
        registry.chain(300, ['owner', 'x', 'b'])
        const next = await registry.sync()
        expect(next.failures).toEqual([])
        expect(await registry.kept('a', 1), `${moment} ${step}`).toEqual([0, true])
        expect(await registry.miners.find({ hotkey: 'a' })).toMatchObject({ uid: null, departures: [] })
        expect(await registry.miners.find({ hotkey: 'b' })).toMatchObject({ uid: 2, departures: [] })
      }
    }
  })
})

/** Says that the process is dead, and never answers. */
async function die(killed: ReturnType<typeof signalled>): Promise<never> {
  killed.happen()
  return await signalled().seen.then(() => expect.unreachable())
}

/** Something that happens once, and can be waited for. */
function signalled(): Readonly<{ happen: () => void; seen: Promise<void> }> {
  const controller = new AbortController()
  const seen = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return { happen: () => controller.abort(), seen }
}

describe('a chain that does not behave', () => {
  it.each<[string, Partial<Metagraph> | ChainError, string, RegExp]>([
    ['nothing', new ChainError({ code: 'unreachable', message: 'it is down' }), 'no_answer', /it is down/],
    [
      'a hotkey twice',
      { neurons: [neuronOf(0, { hotkey: 'x' }), neuronOf(1, { hotkey: 'x' })] },
      'bad_answer',
      /at the uids 0 and 1/,
    ],
    [
      'a uid twice',
      { neurons: [neuronOf(0), neuronOf(0, { hotkey: 'y' })] },
      'bad_answer',
      /uid 0 stands at place 1/,
    ],
    ['no neurons', { neurons: [] }, 'empty_subnet', /no neurons/],
    ['another subnet', { netuid: 99 }, 'other_subnet', /subnet 99/],
  ])(
    'and says %s changes nothing; what was noted before is put right',
    async (_name, answer, reason, why) => {
      await using registry = await open({ a: 1 })
      await registry.keep('a', 1)
      registry.chain(100, ['owner'])
      await registry.clock.advance(1_000)
      await registry.sync({ openRecord: fail })
      registry.chain(200, ['owner', 'a'], answer instanceof ChainError ? {} : answer)
      const report = await registry.sync(
        answer instanceof ChainError ? { readMetagraph: async () => await Promise.reject(answer) } : {},
      )
      expect(report).toMatchObject({ changes: [], refusal: { reason, why: expect.stringMatching(why) } })
      expect(report).toMatchObject({ settled: [{ hotkey: 'a', uid: 1, withdrawnScores: 2 }], waiting: 0 })
      expect(await registry.miners.find({ hotkey: 'a' })).toMatchObject({ uid: null })
    },
  )

  it('is not waited for longer than a minute', async () => {
    await using registry = await open({ a: 1 })
    const asked = signalled()
    const syncing = registry.sync({
      readMetagraph: async ({ signal }) => {
        asked.happen()
        return await new Promise<never>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        })
      },
    })
    await asked.seen
    await registry.clock.advance(60_000)
    expect(await syncing).toMatchObject({
      refusal: { reason: 'no_answer', why: 'the chain gave no answer within 60 s' },
    })
    expect(await registry.miners.find({ hotkey: 'a' })).toMatchObject({ uid: 1, place: null })
  })

  it('and answers one run late changes nothing that a later block said', async () => {
    await using registry = await open({ a: 1 })
    registry.chain(100, ['owner', 'x', 'a'])
    const [asked, answered] = [signalled(), signalled()]
    const before = metagraphOf({
      netuid: registry.netuid,
      blockNumber: 50,
      neurons: [neuronOf(0), neuronOf(1, { hotkey: 'a' })],
    })
    const late = registry.sync({
      readMetagraph: async () => {
        asked.happen()
        await answered.seen
        return before
      },
    })
    await asked.seen
    expect((await registry.sync()).changes).toMatchObject([{ kind: 'moved', to: 2 }])
    answered.happen()
    expect((await late).changes).toEqual([])
    expect(await registry.miners.find({ hotkey: 'a' })).toMatchObject({ uid: 2, place: { blockNumber: 100 } })
  })
})
