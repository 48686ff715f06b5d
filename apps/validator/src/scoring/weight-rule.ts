import type { JsonValue, MinerScore } from '@subnetkit/core'
import { parseInput } from '@subnetkit/core'
import { z } from 'zod'

/** An environment that counts. */
export interface RuleEnvironment {
  readonly name: string
  /** Tasks in its scoring range; completeness is the share of them that has a sample. */
  readonly taskCount: number
  readonly minCompleteness: number
}

/** One miner's samples of one environment, summed up. */
export interface EnvironmentMean {
  /** In [0, 1]: the environment's own range is taken out of it. 0 without samples. */
  readonly mean: number
  /** Tasks with a sample, 0 to the environment's `taskCount`. */
  readonly sampleCount: number
}

/** A miner as a rule sees it: no uid, which another hotkey may hold tomorrow. */
export interface RuleMiner {
  readonly minerHotkey: string
  /** Null when it is not known: such a miner shares it with nobody. */
  readonly coldkey: string | null
  /** Who came first wins among equals; null comes last. */
  readonly firstBlock: number | null
  /** By environment; absent is no sample. */
  readonly means: ReadonlyMap<string, EnvironmentMean>
}

/** Everything that weights are made of. The order of the lists means nothing. */
export interface RuleInput {
  readonly environments: readonly RuleEnvironment[]
  readonly miners: readonly RuleMiner[]
}

/** What a rule says about one miner. */
export type RuleScore = Omit<
  MinerScore,
  'snapshotId' | 'blockNumber' | 'uid' | 'modelName' | 'modelRevision' | 'firstBlock' | 'calculatedAt'
>

/** A rule with its constants set. */
export interface PreparedRule {
  readonly name: string
  /** All of them, defaults too, as a snapshot keeps them. */
  readonly parameters: Readonly<Record<string, JsonValue>>
  /** One entry per miner, in the order of hotkeys. @throws InputError naming miner and environment of a bad value. */
  score(input: RuleInput): readonly RuleScore[]
}

/** A way from means to weights: pure, and the same on every machine. */
export interface WeightRule {
  /** What the configuration key `scoring.rule` calls it. */
  readonly name: string
  /** @throws InputError naming the parameter that does not fit. */
  prepare(parameters: JsonValue): PreparedRule
}

/** Declares a rule; its constants come from the configuration key `scoring.<name>` and are checked by the schema. */
export function defineWeightRule<Parameters extends Readonly<Record<string, JsonValue>>>(
  rule: Readonly<{
    name: string
    parameters: z.ZodType<Parameters>
    score: (input: RuleInput, parameters: Parameters) => readonly RuleScore[]
  }>,
): WeightRule {
  const { name } = rule
  return {
    name,
    prepare: (given) => {
      const parameters = parseInput(rule.parameters, given, { subject: `scoring.${name}` })
      return { name, parameters, score: (input) => rule.score(input, parameters) }
    },
  }
}
