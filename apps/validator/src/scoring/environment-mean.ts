import { InputError, type Sample } from '@subnetkit/core'

import { fromNano, toNano } from './nano-units.ts'
import type { EnvironmentMean } from './weight-rule.ts'

/** What one scope's samples are summed up by. */
export interface MeanParams {
  /** Task ids [from, to) that count; samples outside are passed over. */
  readonly scoringRange: readonly [from: number, to: number]
  /** The environment's lowest and highest score. */
  readonly scoreRange: readonly [lowest: number, highest: number]
}

/** Sums up samples one by one, in any order. */
export interface MeanAccumulator {
  /**
   * Whether the sample lies within the scoring range.
   *
   * @throws InputError naming miner, environment and task of a score outside the environment's range.
   */
  add(sample: CountedSample): boolean
  result(): EnvironmentMean
}

/** What of a sample counts. */
export type CountedSample = Pick<
  Sample,
  'minerHotkey' | 'environment' | 'generation' | 'taskId' | 'score' | 'blockNumber'
>

/**
 * Makes the mean of one miner's samples in one environment. Of a task asked in several generations the highest counts.
 * Scores are added as whole billionths of the range, so the order in which they come changes no digit.
 */
export function createMean({ scoringRange, scoreRange }: MeanParams): MeanAccumulator {
  const [from, to] = scoringRange
  const newest = new Map<number, Readonly<{ generation: number; nano: number }>>()
  return {
    add(sample) {
      const { taskId, generation } = sample
      if (taskId < from || taskId >= to) return false
      const nano = toNano(normalise(sample, scoreRange))
      const known = newest.get(taskId)
      if (known === undefined || known.generation < generation) newest.set(taskId, { generation, nano })
      return true
    },
    result() {
      let sum = 0
      for (const { nano } of newest.values()) sum += nano
      const sampleCount = newest.size
      return { mean: sampleCount === 0 ? 0 : fromNano(Math.round(sum / sampleCount)), sampleCount }
    },
  }
}

function normalise(sample: CountedSample, [lowest, highest]: MeanParams['scoreRange']): number {
  const { score, minerHotkey, environment, taskId } = sample
  if (score >= lowest && score <= highest) return (score - lowest) / (highest - lowest)
  throw new InputError({
    field: `score of ${minerHotkey} on task ${taskId} of ${environment}`,
    value: score,
    problem: `is outside the environment's range of ${lowest} to ${highest}`,
    hint: 'find out who stored it; remove the sample, or correct the range in the environment',
  })
}
