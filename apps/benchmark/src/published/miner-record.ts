import { type BenchmarkEpoch, type BenchmarkScore, imageTypes, type Repositories } from '@subnetkit/core'

/** The newest epochs and scores of a type that a miner's page shows. */
const SHOWN = 100

/** What a miner did in all: its epochs, newest first, each with what it earned. */
export interface MinerRecord {
  readonly hotkey: string
  readonly epochs: readonly Readonly<{ epoch: BenchmarkEpoch; score: BenchmarkScore | null }>[]
}

/** Reads the newest epochs of a miner in both types. An unknown hotkey has none. */
export async function readMinerRecord(
  { benchmarkEpochs, benchmarkScores }: Pick<Repositories, 'benchmarkEpochs' | 'benchmarkScores'>,
  hotkey: string,
  signal: AbortSignal,
): Promise<MinerRecord> {
  const [epochs, ...scores] = await Promise.all([
    benchmarkEpochs.list({ hotkey, limit: SHOWN }, { signal }),
    ...imageTypes.map((imageType) => benchmarkScores.listOf({ imageType, hotkey, limit: SHOWN }, { signal })),
  ])
  const byEpoch = new Map(
    scores.flatMap(({ items }) => items).map((score) => [score.epochId, score] as const),
  )
  return {
    hotkey,
    epochs: epochs.items.map((epoch) => ({ epoch, score: byEpoch.get(epoch.epochId) ?? null })),
  }
}
