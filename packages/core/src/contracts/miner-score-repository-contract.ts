import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isStorageError } from '../errors/storage-error.ts'
import { SCORE_RETENTION_DAYS, type MinerScore } from '../models/miner-score.ts'
import type { ScoreSnapshot } from '../models/score-snapshot.ts'
import type { MinerScoreRepository } from '../repositories/miner-score-repository.ts'
import type { Page } from '../repositories/page.ts'
import { buildPublication, type BuildPublicationParams, type BuiltPublication } from './score-builders.ts'

/** What an adapter gives to the suite. */
export interface MinerScoreContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<MinerScoreRepository>
  readonly teardown?: () => Promise<void>
  /** A moment near the engine's own clock: engines with native expiry remove what is older than thirty days. */
  readonly now: Date
}

/** Everything that an implementation of {@link MinerScoreRepository} must hold, on a real engine. */
export function minerScoreRepositoryContract(options: MinerScoreContractOptions): void {
  describe('miner score repository contract', () => {
    const { now } = options
    let repository: MinerScoreRepository
    let blocks = 1_000
    let miners = 0
    const newBlock = (): number => (blocks += 100)
    const newMiners = (count: number): string[] =>
      Array.from({ length: count }, () => `miner${`${(miners += 1)}`.padStart(6, '0')}`)
    const build = (fields: Partial<BuildPublicationParams> = {}): BuiltPublication =>
      buildPublication({ blockNumber: newBlock(), hotkeys: newMiners(2), calculatedAt: now, ...fields })
    const publish = async (fields: Partial<BuildPublicationParams> = {}): Promise<BuiltPublication> => {
      const publication = build(fields)
      await repository.publish(publication)
      return publication
    }
    const list = async (snapshot: ScoreSnapshot, at = now): Promise<readonly MinerScore[]> =>
      (await repository.list({ snapshot, now: at, limit: 1_000 })).items
    const history = async (minerHotkey: string, at = now): Promise<readonly MinerScore[]> =>
      (await repository.listHistory({ minerHotkey, now: at, limit: 1_000 })).items

    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('has no latest snapshot before the first', async () => {
      expect(await repository.findLatestSnapshot({ now })).toBeNull()
      expect(await repository.listSnapshots({ now, limit: 1 })).toStrictEqual({ items: [], nextCursor: null })
    })

    it('keeps snapshot and scores exactly, in the order of hotkeys', async () => {
      const publication = build({ hotkeys: newMiners(101).toReversed() })
      const { snapshot, scores } = publication
      expect(await repository.publish(publication)).toStrictEqual({ isLatest: true })
      expect(await repository.findLatestSnapshot({ now })).toStrictEqual(snapshot)
      expect(await repository.findSnapshot({ blockNumber: snapshot.blockNumber, now })).toStrictEqual(
        snapshot,
      )
      expect(await list(snapshot)).toStrictEqual(scores.toReversed())
    })

    it('keeps nasty numbers and names', async () => {
      const environment = {
        score: 1e-7,
        sampleCount: 0,
        completeness: 1 / 3,
        threshold: 5e-324,
        confidenceLower: 0,
        confidenceUpper: 1,
        isValid: false,
      }
      const { snapshot, scores } = await publish({
        hotkeys: newMiners(1),
        scoreFields: {
          uid: null,
          firstBlock: null,
          points: 1e300,
          weight: 0.1 + 0.2,
          scoresByLayer: {},
          scoresByEnvironment: { 'a#b/"c"': environment, 'a.b': environment },
          reason: "'; DROP TABLE scores; -- 漢字",
          isEligible: false,
        },
        snapshotFields: { parameters: { nested: [{ '': null, 'a b': [1e-7, '1'] }] }, top: [] },
      })
      expect(await list(snapshot)).toStrictEqual(scores)
      expect(await repository.findSnapshot({ ...snapshot, now })).toStrictEqual(snapshot)
    })

    it('publishes a block without miners', async () => {
      const { snapshot } = await publish({ hotkeys: [] })
      expect(await list(snapshot)).toStrictEqual([])
    })

    it('changes nothing when it is published again, at another time too', async () => {
      const publication = await publish()
      const { blockNumber } = publication.snapshot
      expect(await repository.publish(publication)).toStrictEqual({ isLatest: true })
      const hotkeys = publication.scores.map((score) => score.minerHotkey)
      const later = build({ blockNumber, hotkeys, calculatedAt: new Date(now.getTime() + 5_000) })
      expect(later.snapshot.snapshotId).toBe(publication.snapshot.snapshotId)
      expect(await repository.publish(later)).toStrictEqual({ isLatest: true })
      expect(await list(publication.snapshot)).toStrictEqual(publication.scores)
      expect(await repository.findLatestSnapshot({ now })).toStrictEqual(publication.snapshot)
    })

    it('never goes back to a lower block', async () => {
      const low = build()
      const high = await publish()
      expect(await repository.publish(low)).toStrictEqual({ isLatest: false })
      expect(await repository.findLatestSnapshot({ now })).toStrictEqual(high.snapshot)
      expect(await repository.findSnapshot({ ...low.snapshot, now })).toStrictEqual(low.snapshot)
    })

    it('refuses other scores of a block that has some, and never shows them', async () => {
      const hotkeys = newMiners(2)
      const first = await publish({ hotkeys })
      const { blockNumber } = first.snapshot
      const other = build({ blockNumber, hotkeys, scoreFields: { points: 99 } })
      await expect(repository.publish(other)).rejects.toMatchObject({
        code: 'conflict',
        retryable: false,
        details: { blockNumber, storedSnapshotId: first.snapshot.snapshotId },
      })
      expect(await list(other.snapshot)).toStrictEqual([])
      expect(await list(first.snapshot)).toStrictEqual(first.scores)
      expect(await history(hotkeys[0] ?? '')).toStrictEqual(first.scores.slice(0, 1))
    })

    it('lets one of many publishers of a block win, and the highest of many blocks be the latest', async () => {
      const blockNumber = newBlock()
      const hotkeys = newMiners(3)
      const rivals = Array.from({ length: 6 }, (_, rival) =>
        build({ blockNumber, hotkeys, scoreFields: { points: rival } }),
      )
      const ends = await Promise.allSettled(rivals.map((rival) => repository.publish(rival)))
      const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
      expect(lost).toHaveLength(5)
      expect(lost.every((reason) => isStorageError(reason, 'conflict'))).toBe(true)
      const winner = rivals[ends.findIndex((end) => end.status === 'fulfilled')]
      expect(await repository.findSnapshot({ blockNumber, now })).toStrictEqual(winner?.snapshot)
      expect(await history(hotkeys[0] ?? '')).toStrictEqual(winner?.scores.slice(0, 1))

      const racing = Array.from({ length: 8 }, () => build())
      const told = await Promise.all(racing.map((one) => repository.publish(one)))
      expect(told.at(-1)).toStrictEqual({ isLatest: true })
      expect(await repository.findLatestSnapshot({ now })).toStrictEqual(racing.at(-1)?.snapshot)
    })

    it('pages snapshots and a miner’s history newest block first', async () => {
      const [minerHotkey = ''] = newMiners(1)
      const published: BuiltPublication[] = []
      for (let index = 0; index < 7; index += 1) published.push(await publish({ hotkeys: [minerHotkey] }))
      const newestFirst = published.toReversed()
      const scores: MinerScore[] = []
      const snapshots: ScoreSnapshot[] = []
      let cursor: string | null = null
      do {
        const page: Page<MinerScore> = await repository.listHistory({ minerHotkey, now, limit: 3, cursor })
        scores.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(scores).toStrictEqual(newestFirst.flatMap((one) => one.scores))
      const first = await repository.listSnapshots({ now, limit: 4 })
      const rest = await repository.listSnapshots({ now, limit: 3, cursor: first.nextCursor })
      snapshots.push(...first.items, ...rest.items)
      expect(snapshots).toStrictEqual(newestFirst.map((one) => one.snapshot))
    })

    it('pages the scores of a snapshot', async () => {
      const { snapshot, scores } = await publish({ hotkeys: newMiners(26) })
      const first = await repository.list({ snapshot, now, limit: 25 })
      const rest = await repository.list({ snapshot, now, limit: 25, cursor: first.nextCursor })
      expect([...first.items, ...rest.items]).toStrictEqual(scores)
      expect(rest.nextCursor).toBeNull()
    })

    it('hides everything after thirty days, the latest too', async () => {
      const { snapshot, scores } = await publish()
      const end = new Date(now.getTime() + SCORE_RETENTION_DAYS * 86_400_000 + 1_000)
      expect(await repository.findLatestSnapshot({ now: end })).toBeNull()
      expect(await repository.findSnapshot({ ...snapshot, now: end })).toBeNull()
      expect(await repository.listSnapshots({ now: end, limit: 9 })).toStrictEqual({
        items: [],
        nextCursor: null,
      })
      expect(await list(snapshot, end)).toStrictEqual([])
      expect(await history(scores[0]?.minerHotkey ?? '', end)).toStrictEqual([])
      expect(await repository.findLatestSnapshot({ now })).toStrictEqual(snapshot)
    })

    it.each<readonly [string, (one: BuiltPublication) => BuiltPublication]>([
      ['a score too few', ({ snapshot, scores }) => ({ snapshot, scores: scores.slice(1) })],
      [
        'a hotkey twice',
        ({ snapshot, scores }) => ({
          snapshot,
          scores: scores.flatMap((_score, _index, all) => all.slice(0, 1)),
        }),
      ],
      [
        'another hash',
        ({ snapshot, scores }) => ({ snapshot: { ...snapshot, scoresHash: 'a'.repeat(64) }, scores }),
      ],
      [
        'another id',
        ({ snapshot, scores }) => ({
          snapshot: { ...snapshot, snapshotId: 'a'.repeat(32) },
          scores: scores.map((score) => ({ ...score, snapshotId: 'a'.repeat(32) })),
        }),
      ],
      [
        'a score of another block',
        ({ snapshot, scores }) => ({
          snapshot,
          scores: scores.map((score) => ({ ...score, blockNumber: 1 })),
        }),
      ],
      [
        'a score that was changed',
        ({ snapshot, scores }) => ({ snapshot, scores: scores.map((score) => ({ ...score, weight: 1 })) }),
      ],
      [
        'a weight above 1',
        ({ snapshot, scores }) => ({ snapshot, scores: scores.map((score) => ({ ...score, weight: 1.5 })) }),
      ],
      [
        'a count of eligible ones that is wrong',
        ({ snapshot, scores }) => ({ snapshot: { ...snapshot, eligibleCount: 1 }, scores }),
      ],
      [
        'a block that is none',
        ({ snapshot, scores }) => ({ snapshot: { ...snapshot, blockNumber: -1 }, scores }),
      ],
    ])('refuses %s and stores nothing', async (_name, spoil) => {
      const good = build()
      await expectInvalid(repository.publish(spoil(good)))
      expect(await repository.findSnapshot({ ...good.snapshot, now })).toBeNull()
      expect(await history(good.scores[0]?.minerHotkey ?? '')).toStrictEqual([])
    })

    it('refuses bad limits, blocks, hotkeys and cursors', async () => {
      const { snapshot } = await publish()
      for (const limit of [0, 1.5, 10_001]) {
        await expectInvalid(repository.list({ snapshot, now, limit }))
        await expectInvalid(repository.listSnapshots({ now, limit }))
        await expectInvalid(repository.listHistory({ minerHotkey: 'a', now, limit }))
      }
      await expectInvalid(repository.findSnapshot({ blockNumber: 0.5, now }))
      await expectInvalid(repository.listHistory({ minerHotkey: 'a b', now, limit: 1 }))
      await expectInvalid(repository.listSnapshots({ now, limit: 1, cursor: 'bm9uc2Vuc2U' }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      await expect(repository.findLatestSnapshot({ now }, { signal })).rejects.toBe(reason)
      await expect(repository.publish(build(), { signal })).rejects.toBe(reason)
    })
  })
}

async function expectInvalid(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
}
