import { setMaxListeners } from 'node:events'

import {
  blockNumberSchema,
  type CallOptions,
  defineTask,
  hotkeySchema,
  type Miner,
  type MinerScore,
  type MinerScoreRepository,
  type Repositories,
  type ScoreSnapshot,
} from '@subnetkit/core'
import { z } from 'zod'

import { historicalTop } from '../retention/historical-top.ts'
import { keepTopSchema } from '../retention/retention-context.ts'
import { protectModels } from '../retention/protect-models.ts'
import { buildSnapshot } from '../scoring/build-snapshot.ts'
import { readConfigured } from '../scoring/read-configured.ts'
import { readMeans } from '../scoring/read-means.ts'
import { isScored, readAllMiners } from '../scoring/scored-miners.ts'
import { parseScoringSettings, type ScorableEnvironment } from '../scoring/scoring-settings.ts'

/** What scoring reads and writes. */
export interface ScoreMinersDeps {
  readonly repositories: Pick<
    Repositories,
    'systemConfig' | 'miners' | 'samples' | 'minerScores' | 'retentionPolicies'
  >
  /** Every environment that there is, by name. */
  readonly environments: ReadonlyMap<string, ScorableEnvironment>
}

/** What a scoring is told. */
export const scoreMinersContextSchema = z.strictObject({
  validatorHotkey: hotkeySchema,
  /**
   * The block that the scores are for. Null: the newest block of a counted sample, or the next one that has no other
   * scores. No clock enters: a guess that got ahead of the chain would keep later scores from becoming the latest.
   */
  blockNumber: blockNumberSchema.nullable(),
  /** How many ranks have their models' samples protected for ever. */
  keepTop: keepTopSchema,
})
/** See {@link scoreMinersContextSchema}. */
export type ScoreMinersContext = z.infer<typeof scoreMinersContextSchema>

/** What a scoring did. */
export interface ScoredMiners {
  readonly snapshot: ScoreSnapshot
  readonly scores: readonly MinerScore[]
  /** `unchanged`: the latest scores say the same already. */
  readonly outcome: 'published' | 'unchanged'
  /** False when scores of a later block are there. */
  readonly isLatest: boolean
  /** Models that were not protected before. */
  readonly newlyProtected: number
}

/**
 * Scores all miners once: settings, samples, weights, then rows, snapshot and pointer, then the protection of the best.
 * Each step may be repeated: the same inputs give the same snapshot, and what a crash left undone is done by the next run.
 */
export const scoreMinersTask = defineTask<ScoreMinersDeps, ScoreMinersContext, ScoredMiners>({
  name: 'score-miners',
  context: scoreMinersContextSchema,
  run: async ({ repositories, environments }, context, control) => {
    const { signal, progress } = control
    // Every request that waits listens to it, and there are many at once.
    setMaxListeners(0, signal)
    const options: CallOptions = { signal }
    const settings = parseScoringSettings(
      await readConfigured(repositories.systemConfig, options),
      environments,
    )
    const miners = (await readAllMiners(repositories.miners, options)).filter(isScored)
    const total = miners.length * settings.environments.length
    let done = 0
    const onScope = (): void => {
      done += 1
      progress({ stage: 'read samples', done, total, unit: 'scopes' })
    }
    const read = await readMeans(
      repositories.samples,
      { miners, environments: settings.environments, onScope },
      options,
    )
    const scores = settings.rule.score({
      environments: settings.environments.map(({ name, scoringRange: [from, to], minCompleteness }) => ({
        name,
        taskCount: to - from,
        minCompleteness,
      })),
      miners: read.miners,
    })
    const now = control.clock.now()
    const byHotkey = new Map<string, Miner>(miners.map((miner) => [miner.hotkey, miner]))
    const buildAt = (blockNumber: number): Built =>
      buildSnapshot({ ...context, settings, scores, miners: byHotkey, blockNumber, now })

    const latest = await repositories.minerScores.findLatestSnapshot({ now }, options)
    const built =
      context.blockNumber === null
        ? await buildAtFreeBlock(
            repositories.minerScores,
            { from: read.newestBlock, latest, buildAt, now },
            options,
          )
        : buildAt(context.blockNumber)
    const isUnchanged = built.snapshot.snapshotId === latest?.snapshotId
    const { isLatest } = isUnchanged
      ? { isLatest: true }
      : await repositories.minerScores.publish(built, options)
    const best = historicalTop([built.snapshot], context.keepTop)
    const newlyProtected = await protectModels(repositories.retentionPolicies, best, now, options)
    return { ...built, outcome: isUnchanged ? 'unchanged' : 'published', isLatest, newlyProtected }
  },
})

type Built = ReturnType<typeof buildSnapshot>

/**
 * The first block from the newest sample's on, and not below the latest scores, whose scores are these or none: scores of
 * a block never change, so what came later needs a later block.
 */
async function buildAtFreeBlock(
  minerScores: Pick<MinerScoreRepository, 'findSnapshot'>,
  params: Readonly<{
    from: number | null
    latest: ScoreSnapshot | null
    buildAt: (blockNumber: number) => Built
    now: Date
  }>,
  options: CallOptions,
): Promise<Built> {
  const { from, latest, buildAt, now } = params
  for (let blockNumber = Math.max(from ?? 0, latest?.blockNumber ?? 0); ; blockNumber++) {
    const built = buildAt(blockNumber)
    const there = await minerScores.findSnapshot({ blockNumber, now }, options)
    if (there === null || there.snapshotId === built.snapshot.snapshotId) return built
  }
}
