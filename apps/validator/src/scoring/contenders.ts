import { averageInterval, confidenceInterval, type ScoredInterval } from './confidence-interval.ts'
import type { LayersParameters } from './layers-parameters.ts'

import { fromNano, toNano } from './nano-units.ts'
import { thresholdNano } from './threshold.ts'
import type { RuleEnvironment, RuleInput, RuleMiner, RuleScore } from './weight-rule.ts'

/** What measuring needs to know of a rule. */
export type MeasureParameters = Pick<LayersParameters, 'threshold' | 'confidenceLevel'>

type EnvironmentScore = RuleScore['scoresByEnvironment'][string]

/** A miner, measured in every environment that counts. */
export interface Contender {
  readonly minerHotkey: string
  readonly coldkey: string | null
  /** In billionths, one per environment in the order of names. */
  readonly scores: readonly number[]
  /** What another has to pass, likewise. */
  readonly thresholds: readonly number[]
  /** A set bit for each environment in which it is complete enough. */
  readonly validMask: number
  readonly average: ScoredInterval
  readonly scoresByEnvironment: Readonly<Record<string, EnvironmentScore>>
  readonly totalSamples: number
  /** What is missing, in words; null when it is complete everywhere. */
  readonly incomplete: string | null
}

/**
 * Measures all miners. They come in the one order that decides between equals: by first block, then by hotkey. The uid
 * decides nothing, for it is handed on; a miner without a first block comes last.
 */
export function measureContenders(
  { environments, miners }: RuleInput,
  parameters: MeasureParameters,
): readonly Contender[] {
  const sorted = environments.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return miners.toSorted(byArrival).map((miner) => measure(miner, sorted, parameters))
}

function byArrival(a: RuleMiner, b: RuleMiner): number {
  const [first, second] = [a.firstBlock ?? Number.POSITIVE_INFINITY, b.firstBlock ?? Number.POSITIVE_INFINITY]
  if (first !== second) return first - second
  return a.minerHotkey < b.minerHotkey ? -1 : 1
}

function measure(
  miner: RuleMiner,
  environments: readonly RuleEnvironment[],
  parameters: MeasureParameters,
): Contender {
  const measured = environments.map((environment) => measureIn(environment, miner, parameters))
  const validMask = measured.reduce(
    (mask, { score }, place) => (score.isValid ? mask | (1 << place) : mask),
    0,
  )
  const missing = measured.find(({ score }) => !score.isValid)
  return {
    minerHotkey: miner.minerHotkey,
    coldkey: miner.coldkey,
    scores: measured.map(({ scoreNano }) => scoreNano),
    thresholds: measured.map(({ threshold }) => threshold),
    validMask,
    average: averageInterval(measured.map(({ interval }) => interval)),
    scoresByEnvironment: Object.fromEntries(measured.map(({ name, score }) => [name, score])),
    totalSamples: measured.reduce((sum, { score }) => sum + score.sampleCount, 0),
    incomplete:
      missing === undefined
        ? null
        : `has ${missing.score.sampleCount} of ${missing.needed} samples in ${missing.name}`,
  }
}

interface Measured {
  readonly name: string
  readonly scoreNano: number
  readonly threshold: number
  readonly interval: ScoredInterval
  readonly score: EnvironmentScore
  readonly needed: number
}

function measureIn(environment: RuleEnvironment, miner: RuleMiner, parameters: MeasureParameters): Measured {
  const { name, taskCount, minCompleteness } = environment
  const { mean, sampleCount } = miner.means.get(name) ?? { mean: 0, sampleCount: 0 }
  const scoreNano = toNano(mean)
  const threshold = thresholdNano({ scoreNano, sampleCount, threshold: parameters.threshold })
  const level = parameters.confidenceLevel
  const interval = confidenceInterval({ score: fromNano(scoreNano), sampleCount, level })
  const completenessNano = taskCount === 0 ? 0 : toNano(sampleCount / taskCount)
  return {
    name,
    scoreNano,
    threshold,
    interval,
    needed: Math.ceil(fromNano(toNano(minCompleteness * taskCount))),
    score: {
      score: interval.score,
      sampleCount,
      completeness: fromNano(completenessNano),
      threshold: fromNano(threshold),
      confidenceLower: interval.lower,
      confidenceUpper: interval.upper,
      isValid: sampleCount > 0 && completenessNano >= toNano(minCompleteness),
    },
  }
}
