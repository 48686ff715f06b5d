import type { MinerScore } from '../models/miner-score.ts'
import type { ScoreSnapshot } from '../models/score-snapshot.ts'
import { scoresHash, snapshotIdOf } from '../rules/score-snapshot-rules.ts'

/** What a `publish` takes. */
export interface BuiltPublication {
  readonly snapshot: ScoreSnapshot
  readonly scores: readonly MinerScore[]
}

/** Which publication. */
export interface BuildPublicationParams {
  readonly blockNumber: number
  readonly hotkeys: readonly string[]
  readonly calculatedAt: Date
  /** Changes what each score says, and with it hash and id. */
  readonly scoreFields?: Partial<MinerScore>
  /** Changes what the snapshot says, and with it its id. */
  readonly snapshotFields?: Partial<ScoreSnapshot>
}

/** A plausible score; tests name the fields that they are about. */
export function buildMinerScore(fields: Partial<MinerScore> = {}): MinerScore {
  return {
    snapshotId: '0'.repeat(32),
    blockNumber: 5_000_000,
    minerHotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    uid: 7,
    modelName: 'someone/model-7b',
    modelRevision: '4f1c2d9',
    firstBlock: 4_000_000,
    rank: 1,
    points: 12.5,
    weight: 0.1,
    averageScore: 0.5,
    confidenceLower: 0.4,
    confidenceUpper: 0.6,
    scoresByLayer: { '1': 0.5, '2': 12 },
    scoresByEnvironment: {
      'affine:ded': {
        score: 0.5,
        sampleCount: 100,
        completeness: 1,
        threshold: 0.51,
        confidenceLower: 0.4,
        confidenceUpper: 0.6,
        isValid: true,
      },
    },
    totalSamples: 100,
    isEligible: true,
    meetsCriteria: true,
    reason: null,
    calculatedAt: new Date('2026-02-03T04:05:06.345Z'),
    ...fields,
  }
}

/** Scores of some miners at a block and their snapshot, with hash and id that follow from them. */
export function buildPublication(params: BuildPublicationParams): BuiltPublication {
  const { blockNumber, hotkeys, calculatedAt, scoreFields, snapshotFields } = params
  const rows = hotkeys.map((minerHotkey) =>
    buildMinerScore({ blockNumber, calculatedAt, minerHotkey, ...scoreFields }),
  )
  const content: Omit<ScoreSnapshot, 'snapshotId'> = {
    blockNumber,
    validatorHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    rule: 'layers',
    parameters: { minSamples: 10, names: ['a', 'b'], ratio: 0.1 },
    burn: 0.25,
    minerCount: rows.length,
    eligibleCount: rows.filter((row) => row.isEligible).length,
    scoresHash: scoresHash(rows),
    top: rows.slice(0, 3).map(({ minerHotkey, modelRevision, uid, rank, weight }) => ({
      minerHotkey,
      modelRevision,
      uid,
      rank,
      weight,
    })),
    calculatedAt,
    ...snapshotFields,
  }
  const snapshotId = snapshotFields?.snapshotId ?? snapshotIdOf(content)
  return { snapshot: { ...content, snapshotId }, scores: rows.map((row) => ({ ...row, snapshotId })) }
}
