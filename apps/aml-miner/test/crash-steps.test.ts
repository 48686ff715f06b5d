import { join } from 'node:path'

import type { AmlRunContext, DayKey } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import type { Miner } from '../src/compose.ts'
import { detectTask, ingestTask, type MinerDeps, scoreTask } from '../src/tasks/miner-tasks.ts'
import { CutError, cutDeps } from './fixtures/cut-deps.ts'
import { publishedTables, writeSnapshot } from './fixtures/published-snapshot.ts'
import { collect, freshDay, openMiner, runOn, tempFolder, visibleBatch } from './fixtures/test-miner.ts'
import { writeTransfers } from './fixtures/transfer-run.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

type Steps = (deps: MinerDeps) => Promise<unknown>

/** The soak cuts before each call, a quick run before some: every thirteenth of a whole day, every fourth of its scoring. */
const STRIDE = isSoak ? 1 : 13
const SCORING_STRIDE = isSoak ? 1 : 4

/** Everything that a reader of the day can see. */
async function visible({ deps }: Miner, key: DayKey): Promise<unknown> {
  const batch = await deps.repositories.batches.findCompleted({ key })
  const ready = await deps.repositories.snapshots.findReady({ key, kinds: ['published', 'detected'] })
  if (batch === null) return { batch, ready }
  const { items } = await deps.repositories.alertRankings.list({
    key: { ...key, batchId: batch.batchId },
    limit: 1000,
  })
  return { batch, ready, ranks: items }
}

/** Cuts `steps` before each call of the store; after each cut readers see one of the `allowed` states and nothing else. */
async function cutEverywhere(
  miner: Miner,
  day: DayKey,
  { steps, check, stride = STRIDE }: Readonly<{ steps: Steps; check: () => Promise<void>; stride?: number }>,
): Promise<number> {
  for (let cutAt = 0; ; cutAt += stride) {
    const cut = cutDeps(miner.deps, cutAt)
    try {
      await steps(cut.deps)
      return cutAt
    } catch (error) {
      if (!(error instanceof CutError)) throw error
    }
    await check()
    expect(await miner.deps.repositories.batches.findCompleted({ key: day })).not.toBeNull()
  }
}

function runContext(day: DayKey, source: string, isTransfers: boolean): AmlRunContext {
  const transferFile = isTransfers
    ? ({ columnMap: {}, timestampUnit: 'ms', dayZero: null, amounts: 'keep' } as const)
    : null
  return { ...day, source, transferFile, labelsSource: null, isForced: false }
}

describe('a process that dies between any two calls of the store', () => {
  it(
    'while it loads and scores a newer snapshot leaves the older result standing',
    { timeout: 120_000 },
    async () => {
      await using temp = await tempFolder()
      const day = freshDay()
      await using miner = await openMiner(day.network)
      const folders: string[] = []
      for (const variant of [0, 1]) {
        const tables = publishedTables(day, variant)
        folders.push(await writeSnapshot(join(temp.path, `v${variant}`), day, { tables }))
      }
      const [older = '', newer = ''] = folders
      const go = (folder: string) => async (deps: MinerDeps) => {
        await runOn(miner, ingestTask, deps, runContext(day, folder, false))
        await runOn(miner, scoreTask, deps, { ...day, isForced: false })
      }
      await go(newer)(miner.deps)
      const { resultsHash: wanted, batchId } = await visibleBatch(miner, day)
      await miner.deps.repositories.batches.remove({ key: { ...day, batchId } })
      const { snapshotId } = (await miner.deps.repositories.snapshots.findReady({ key: day })) ?? {
        snapshotId: '',
      }
      await miner.deps.repositories.snapshots.remove({ key: { ...day, snapshotId } })
      await go(older)(miner.deps)
      const before = await visibleBatch(miner, day)

      const cuts = await cutEverywhere(miner, day, {
        steps: go(newer),
        check: async () => {
          expect((await visibleBatch(miner, day)).resultsHash).toBe(before.resultsHash)
        },
      })
      expect(cuts).toBeGreaterThan(3)
      expect((await visibleBatch(miner, day)).resultsHash).toBe(wanted)
    },
  )

  it(
    'while it scores again by force shows the whole old result or the whole new one',
    { timeout: 120_000 },
    async () => {
      await using temp = await tempFolder()
      const day = freshDay()
      await using miner = await openMiner(day.network)
      const folder = await writeSnapshot(join(temp.path, 'snapshot'), day)
      await runOn(miner, ingestTask, miner.deps, runContext(day, folder, false))
      await runOn(miner, scoreTask, miner.deps, { ...day, isForced: false })
      const before = await visible(miner, day)
      const cuts = await cutEverywhere(miner, day, {
        steps: (deps) => runOn(miner, scoreTask, deps, { ...day, isForced: true }),
        stride: SCORING_STRIDE,
        check: async () => expect(await visible(miner, day)).toEqual(before),
      })
      expect(cuts).toBeGreaterThan(10)
      expect((await visibleBatch(miner, day)).attempt).toBe(2)
    },
  )

  it('while it loads again by force never shows part of the inputs', { timeout: 120_000 }, async () => {
    await using temp = await tempFolder()
    const day = freshDay()
    await using miner = await openMiner(day.network)
    const folder = await writeSnapshot(join(temp.path, 'snapshot'), day)
    await runOn(miner, ingestTask, miner.deps, runContext(day, folder, false))
    const ready = await miner.deps.repositories.snapshots.findReady({ key: day })
    await runOn(miner, scoreTask, miner.deps, { ...day, isForced: false })
    const inputs = { ...day, snapshotId: ready?.snapshotId ?? '' }
    const before = await visible(miner, day)
    await cutEverywhere(miner, day, {
      steps: (deps) => runOn(miner, ingestTask, deps, { ...runContext(day, folder, false), isForced: true }),
      check: async () => {
        expect(await visible(miner, day)).toEqual(before)
        expect(await collect(miner.deps.repositories.alerts.stream({ key: inputs }))).toHaveLength(12)
      },
    })
    const after = await miner.deps.repositories.snapshots.findReady({ key: day })
    expect(after?.inputsHash).toBe(ready?.inputsHash)
  })

  it(
    'while it finds patterns shows no pattern, and the next run finds the same ones',
    { timeout: 120_000 },
    async () => {
      await using temp = await tempFolder()
      const day = freshDay()
      await using miner = await openMiner(day.network)
      const path = await writeTransfers(temp.path, day)
      await runOn(miner, ingestTask, miner.deps, runContext(day, path, true))
      const kinds = ['detected'] as const
      const detect = (deps: MinerDeps, isForced: boolean): Promise<unknown> =>
        runOn(miner, detectTask, deps, { ...day, isForced })
      const { snapshots } = miner.deps.repositories
      await detect(miner.deps, false)
      const wanted = await snapshots.findReady({ key: day, kinds })
      for (let cutAt = 0; ; cutAt += STRIDE) {
        await snapshots.remove({ key: { ...day, snapshotId: wanted?.snapshotId ?? '' } })
        const cut = cutDeps(miner.deps, cutAt)
        try {
          await detect(cut.deps, false)
          expect(cutAt).toBeGreaterThan(8)
          break
        } catch (error) {
          if (!(error instanceof CutError)) throw error
        }
        expect(await snapshots.findReady({ key: day, kinds })).toBeNull()
        if (!isSoak && cutAt % 2 === 0) continue
        await detect(miner.deps, false)
        expect((await snapshots.findReady({ key: day, kinds }))?.inputsHash).toBe(wanted?.inputsHash)
      }
      expect((await snapshots.findReady({ key: day, kinds }))?.inputsHash).toBe(wanted?.inputsHash)
    },
  )
})
