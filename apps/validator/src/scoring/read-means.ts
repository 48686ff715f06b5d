import type { CallOptions, Miner, SampleRepository } from '@subnetkit/core'

import { boundedRun } from '../sampling/bounded-run.ts'
import { createMean } from './environment-mean.ts'
import type { ScoredEnvironment } from './scoring-settings.ts'
import type { EnvironmentMean, RuleMiner } from './weight-rule.ts'

/** Scopes that are read at the same time. */
const CONCURRENCY = 8

/** What there is to read. */
export interface ReadMeansParams {
  readonly miners: readonly Miner[]
  readonly environments: readonly ScoredEnvironment[]
  readonly onScope: () => void
}

/** What was read. */
export interface ReadMeans {
  readonly miners: readonly RuleMiner[]
  /** The newest block at which a counted sample was taken; null when there is none. */
  readonly newestBlock: number | null
}

/**
 * Sums up the samples of every miner's current model in every environment. Only compact samples are read, with consistent
 * reads, one page at a time. A scope that cannot be read fails the whole: it is never taken for one without samples.
 */
export async function readMeans(
  samples: Pick<SampleRepository, 'stream'>,
  { miners, environments, onScope }: ReadMeansParams,
  options?: CallOptions,
): Promise<ReadMeans> {
  const means = new Map(miners.map(({ hotkey }) => [hotkey, new Map<string, EnvironmentMean>()]))
  let newestBlock: number | null = null
  const scopes = miners.flatMap((miner) => environments.map((environment) => ({ miner, environment })))
  await boundedRun(scopes, CONCURRENCY, async ({ miner, environment }) => {
    const { hotkey: minerHotkey, modelRevision } = miner
    const { name, fromGeneration, toGeneration } = environment
    const scope = { minerHotkey, modelRevision, environment: name }
    const mean = createMean(environment)
    for await (const sample of samples.stream({ scope, fromGeneration, toGeneration }, options)) {
      if (mean.add(sample)) newestBlock = Math.max(newestBlock ?? 0, sample.blockNumber)
    }
    means.get(minerHotkey)?.set(name, mean.result())
    onScope()
  })
  return {
    miners: miners.map(({ hotkey, coldkey, firstBlock }) => ({
      minerHotkey: hotkey,
      coldkey,
      firstBlock,
      means: means.get(hotkey) ?? new Map(),
    })),
    newestBlock,
  }
}
