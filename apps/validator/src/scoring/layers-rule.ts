import { checkRuleInput } from './check-rule-input.ts'
import { measureContenders, type Contender } from './contenders.ts'
import { layeredSubsets } from './layered-subsets.ts'
import { layersParametersSchema, type LayersParameters } from './layers-parameters.ts'
import { fromNano, toNano } from './nano-units.ts'
import { competitionRanks, shareOut } from './share-out.ts'
import { createSubsetField, type SubsetField } from './subset-field.ts'
import { subsetShares } from './subset-shares.ts'
import { defineWeightRule, type RuleInput, type RuleScore } from './weight-rule.ts'

/**
 * Rewards miners that are good at many environments at once. Every large enough combination of environments is a contest
 * with points of its own; copies of an earlier model are out of each contest that they do not clearly win.
 */
export const layersRule = defineWeightRule({
  name: 'layers',
  parameters: layersParametersSchema,
  score: scoreByLayers,
})

function scoreByLayers(input: RuleInput, parameters: LayersParameters): readonly RuleScore[] {
  checkRuleInput(input)
  const contenders = measureContenders(input, parameters)
  const field = createSubsetField(contenders, parameters.tieMargin)
  const layers = pointsByLayer(input, contenders, field, parameters)
  // Whole billionths add up exactly, so a miner's layers sum to its points.
  const byLayer = contenders.map((_contender, place) =>
    layers.map(({ layer, points }) => ({ layer, nano: toNano(points[place] ?? 0) })),
  )
  const points = byLayer.map((parts) => parts.reduce((sum, { nano }) => sum + nano, 0))
  const { meets, weights } = shareOut(points, parameters.minimum)
  const ranks = competitionRanks(weights)
  return contenders
    .map((contender, place): RuleScore => {
      const weight = weights[place] ?? 0
      const { average } = contender
      return {
        minerHotkey: contender.minerHotkey,
        rank: ranks.get(weight) ?? 1,
        points: fromNano(points[place] ?? 0),
        weight: fromNano(weight),
        averageScore: average.score,
        confidenceLower: average.lower,
        confidenceUpper: average.upper,
        scoresByLayer: Object.fromEntries(
          (byLayer[place] ?? []).map(({ layer, nano }) => [String(layer), fromNano(nano)]),
        ),
        scoresByEnvironment: contender.scoresByEnvironment,
        totalSamples: contender.totalSamples,
        isEligible: contender.incomplete === null,
        meetsCriteria: meets[place] ?? false,
        reason: weight > 0 ? null : reasonOf(place, { contenders, field, points, parameters }),
      }
    })
    .toSorted((a, b) => (a.minerHotkey < b.minerHotkey ? -1 : 1))
}

interface LayerPoints {
  readonly layer: number
  /** One per contender. */
  readonly points: Float64Array
}

function pointsByLayer(
  input: RuleInput,
  contenders: readonly Contender[],
  field: SubsetField,
  parameters: LayersParameters,
): readonly LayerPoints[] {
  const environments = input.environments.map(({ name }) => name).toSorted()
  const { maxLayers, layerGrowth: growth } = parameters
  const layers = new Map<number, Float64Array>()
  for (const { layer, mask, weight } of layeredSubsets({ environments, maxLayers, growth })) {
    const points = layers.get(layer) ?? new Float64Array(contenders.length)
    layers.set(layer, points)
    const shares = subsetShares({
      survivors: field.survivors(mask),
      scoresOf: (place) => contenders[place]?.scores ?? [],
      mask,
      parameters,
    })
    for (const { place, share } of shares) points[place] = (points[place] ?? 0) + weight * share
  }
  return [...layers].map(([layer, points]) => ({ layer, points }))
}

function reasonOf(
  place: number,
  known: Readonly<{
    contenders: readonly Contender[]
    field: SubsetField
    points: readonly number[]
    parameters: LayersParameters
  }>,
): string {
  const { contenders, field, points, parameters } = known
  const contender = contenders[place]
  const nano = points[place] ?? 0
  if (nano > 0) {
    const { minimum } = parameters
    if (nano < toNano(minimum.points)) return `${fromNano(nano)} points are less than ${minimum.points}`
    return 'the share is less than the smallest that is paid'
  }
  const dominatorPlace = field.dominatorOf(place) ?? -1
  const dominator = contenders[dominatorPlace]
  if (dominator !== undefined) {
    return dominatorPlace < place
      ? `is not clearly better anywhere than the earlier ${dominator.minerHotkey}`
      : `is beaten everywhere by ${dominator.minerHotkey}`
  }
  return shorten(contender?.incomplete ?? 'nobody is above zero')
}

/** An environment's name may be long; a reason may not. */
function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}
