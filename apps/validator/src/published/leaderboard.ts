import type {
  ChainNeuron,
  MinerPerformance,
  MinerWeightTrace,
  PerformanceTrend,
  WeightCycle,
} from '@subnetkit/core'

const U16 = 65_535

/** One miner's place in a cycle. */
export interface LeaderboardRow {
  /** By the weight that was sent: 1, 1, 3. */
  readonly rank: number
  /** As the chain has it now, else as it was when the weights were prepared. */
  readonly uid: number | null
  readonly hotkey: string
  /** The raw weight that the rule gave, before clusters and the curve; null when no trace was kept. */
  readonly score: number | null
  /** Share of all weight that was sent. */
  readonly weight: number
  /** Share of all incentive of the last epoch; null for a hotkey that is not on the subnet. */
  readonly incentive: number | null
  readonly trend: PerformanceTrend | null
}

/** What the places are made of. */
export interface LeaderboardParams {
  readonly cycle: Pick<WeightCycle, 'weights'>
  /** Of the cycle; none when the record keeps no traces. */
  readonly traces: readonly MinerWeightTrace[]
  /** Of the last epoch. */
  readonly neurons: readonly Pick<ChainNeuron, 'uid' | 'hotkey' | 'incentive'>[]
  readonly performances: readonly Pick<MinerPerformance, 'minerUid' | 'minerHotkey' | 'performanceTrend'>[]
}

/** Miners by the weight that was sent, then by score, then by hotkey. */
export function leaderboardRows(params: LeaderboardParams): readonly LeaderboardRow[] {
  const { cycle, traces, neurons, performances } = params
  const standing = new Map(neurons.map((neuron) => [neuron.hotkey, neuron]))
  const trends = new Map(
    performances.map((one) => [`${one.minerUid} ${one.minerHotkey}`, one.performanceTrend]),
  )
  const sent =
    traces.length > 0
      ? traces.map(({ hotkey, raw, submittedWeight, uid }) => ({
          hotkey,
          uid,
          weight: submittedWeight,
          score: raw,
        }))
      : cycle.weights.map(({ hotkey, uid, weight }) => ({ hotkey, uid, weight, score: null }))
  const sorted = sent.toSorted(
    (a, b) => b.weight - a.weight || (b.score ?? 0) - (a.score ?? 0) || (a.hotkey < b.hotkey ? -1 : 1),
  )
  const ranks: number[] = []
  return sorted.map((miner, at) => {
    const before = sorted[at - 1]
    const rank = before?.weight === miner.weight ? (ranks[at - 1] ?? 1) : at + 1
    ranks.push(rank)
    const neuron = standing.get(miner.hotkey)
    const uid = neuron?.uid ?? miner.uid
    return {
      rank,
      uid,
      hotkey: miner.hotkey,
      score: miner.score,
      weight: miner.weight,
      incentive: neuron === undefined ? null : neuron.incentive / U16,
      trend: trends.get(`${uid ?? ''} ${miner.hotkey}`) ?? null,
    }
  })
}
