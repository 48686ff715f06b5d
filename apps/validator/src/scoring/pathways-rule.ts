import { z } from 'zod'

import { type ComputedWeights, computeWeights } from '../weights/compute-weights.ts'
import { type MinerColumns, minerColumns } from '../weights/miner-columns.ts'
import { type PathwaysParameters, pathwaysParametersSchema } from '../weights/pathways-parameters.ts'
import { checkRuleInput } from './check-rule-input.ts'
import { type Contender, measureContenders } from './contenders.ts'
import { fromNano, NANO, toNano } from './nano-units.ts'
import { competitionRanks, shareOut } from './share-out.ts'
import { defineWeightRule, type RuleInput, type RuleScore } from './weight-rule.ts'

/**
 * The value of the configuration key `scoring.pathways`: every constant of the rule. Tasks are environments; without
 * them every environment that counts does, all alike.
 */
export const pathwaysRuleSchema = pathwaysParametersSchema.extend({
  tasks: pathwaysParametersSchema.shape.tasks.unwrap().nullable().default(null),
  /** Probability that a true mean lies within its interval. */
  confidenceLevel: z.number().gt(0).lt(1).default(0.8),
})
/** See {@link pathwaysRuleSchema}. */
export type PathwaysRuleParameters = z.infer<typeof pathwaysRuleSchema>

/** Nobody has to pass anybody: the rule compares all miners of a task at once. */
const NO_THRESHOLD = { kind: 'remaining_share', share: 0, least: 0, most: 0 } as const
const NO_MINIMUM = { kind: 'points', points: 0 } as const

/**
 * Rewards miners for what they are best at, or for being good at many tasks, whichever is more; see `computeWeights`. An
 * environment in which a miner is not complete enough is a task without a score.
 */
export const pathwaysRule = defineWeightRule({
  name: 'pathways',
  parameters: pathwaysRuleSchema,
  score: scoreByPathways,
})

/** One computation of the rule, and who is at which place of its columns. */
export interface PathwaysScoring {
  readonly contenders: readonly Contender[]
  readonly miners: MinerColumns
  readonly computed: ComputedWeights
}

/** The rule's numbers, with their trace when it is asked for. Miners come in the order of their arrival. */
export function computePathways(
  input: RuleInput,
  parameters: PathwaysRuleParameters,
  trace: boolean,
): PathwaysScoring {
  checkRuleInput(input)
  const { confidenceLevel, tasks, ...constants } = parameters
  const contenders = measureContenders(input, { confidenceLevel, threshold: NO_THRESHOLD })
  const environments = input.environments.map(({ name }) => name).toSorted()
  const counted: PathwaysParameters = { ...constants, tasks: tasks ?? equalTasks(environments) }
  const scores = new Map(
    environments.map((name, place) => [
      name,
      Float64Array.from(contenders, ({ scores: nano, validMask }) =>
        (validMask & (1 << place)) === 0 ? Number.NaN : fromNano(nano[place] ?? 0),
      ),
    ]),
  )
  // A uid decides nothing here: the place in the order of arrival stands for it.
  const miners = minerColumns(
    contenders.map(({ minerHotkey, coldkey }, place) => ({ uid: place, hotkey: minerHotkey, coldkey })),
  )
  return { contenders, miners, computed: computeWeights({ miners, scores, parameters: counted, trace }) }
}

function equalTasks(environments: readonly string[]): PathwaysParameters['tasks'] {
  return environments.map((name) => ({ name, weight: 1 / environments.length, treatment: 'raw' }))
}

function scoreByPathways(input: RuleInput, parameters: PathwaysRuleParameters): readonly RuleScore[] {
  const { contenders, computed } = computePathways(input, parameters, false)
  // Shares in whole billionths add up exactly, on every machine.
  const { weights } = shareOut(
    Array.from(computed.weights, (weight) => Math.round(weight * NANO)),
    NO_MINIMUM,
  )
  const ranks = competitionRanks(weights)
  return contenders
    .map((contender, place): RuleScore => {
      const weight = weights[place] ?? 0
      const { average, incomplete } = contender
      return {
        minerHotkey: contender.minerHotkey,
        rank: ranks.get(weight) ?? 1,
        points: fromNano(toNano(computed.raw[place] ?? 0)),
        weight: fromNano(weight),
        averageScore: average.score,
        confidenceLower: average.lower,
        confidenceUpper: average.upper,
        scoresByLayer: {},
        scoresByEnvironment: contender.scoresByEnvironment,
        totalSamples: contender.totalSamples,
        isEligible: incomplete === null,
        meetsCriteria: weight > 0,
        reason: weight > 0 ? null : (incomplete ?? 'earned nothing in any task'),
      }
    })
    .toSorted((a, b) => (a.minerHotkey < b.minerHotkey ? -1 : 1))
}
