import {
  MAX_SNAPSHOT_TOP,
  type Miner,
  type MinerScore,
  type ScoreSnapshot,
  scoresHash,
  snapshotIdOf,
} from '@subnetkit/core'

import type { ScoringSettings } from './scoring-settings.ts'
import type { RuleScore } from './weight-rule.ts'

/** What a scoring said, before it has a block. */
export interface BuildSnapshotParams {
  readonly settings: ScoringSettings
  readonly scores: readonly RuleScore[]
  /** By hotkey; one for each score. */
  readonly miners: ReadonlyMap<string, Miner>
  readonly validatorHotkey: string
  readonly blockNumber: number
  readonly now: Date
}

/** A snapshot with its rows, ready to be published. The same scoring of the same block has the same id, at any time. */
export function buildSnapshot(
  params: BuildSnapshotParams,
): Readonly<{ snapshot: ScoreSnapshot; scores: readonly MinerScore[] }> {
  const { settings, miners, validatorHotkey, blockNumber, now } = params
  const contents = params.scores.flatMap((score) => {
    const miner = miners.get(score.minerHotkey)
    if (miner === undefined) return []
    const { uid, modelName, modelRevision, firstBlock } = miner
    return [{ ...score, blockNumber, uid, modelName, modelRevision, firstBlock }]
  })
  const content = {
    blockNumber,
    validatorHotkey,
    rule: settings.rule.name,
    parameters: parametersOf(settings),
    burn: settings.burn,
    minerCount: contents.length,
    eligibleCount: contents.filter(({ isEligible }) => isEligible).length,
    scoresHash: scoresHash(contents),
  }
  const snapshotId = snapshotIdOf(content)
  const scores = contents.map((score) => ({ ...score, snapshotId, calculatedAt: now }))
  return { snapshot: { ...content, snapshotId, top: topOf(scores), calculatedAt: now }, scores }
}

/** The rule's constants, and which samples of which environments counted: everything to do the scoring again. */
function parametersOf({ rule, environments }: ScoringSettings): ScoreSnapshot['parameters'] {
  return {
    ...structuredClone(rule.parameters),
    environments: environments.map((environment) => ({
      ...environment,
      scoreRange: [...environment.scoreRange],
      scoringRange: [...environment.scoringRange],
    })),
  }
}

/** Those with weight, best first; among equals who came first, then by hotkey. */
function topOf(scores: readonly MinerScore[]): ScoreSnapshot['top'] {
  return scores
    .filter(({ weight }) => weight > 0)
    .toSorted(byRank)
    .slice(0, MAX_SNAPSHOT_TOP)
    .map(({ minerHotkey, modelRevision, uid, rank, weight }) => ({
      minerHotkey,
      modelRevision,
      uid,
      rank,
      weight,
    }))
}

/** The order of a leaderboard: rank, first block, hotkey. */
export function byRank(
  a: Pick<MinerScore, 'rank' | 'firstBlock' | 'minerHotkey'>,
  b: Pick<MinerScore, 'rank' | 'firstBlock' | 'minerHotkey'>,
): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  const [first, second] = [a.firstBlock ?? Number.MAX_SAFE_INTEGER, b.firstBlock ?? Number.MAX_SAFE_INTEGER]
  if (first !== second) return first - second
  return a.minerHotkey < b.minerHotkey ? -1 : 1
}
