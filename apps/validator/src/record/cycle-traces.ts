import type {
  JsonValue,
  MinerScore,
  MinerWeightTrace,
  ScoreSnapshot,
  TraceTask,
  WeightCycle,
} from '@subnetkit/core'
import { z } from 'zod'

import type { Metagraph } from '../ports/chain.ts'
import { computePathways, pathwaysRuleSchema } from '../scoring/pathways-rule.ts'
import type { RuleInput } from '../scoring/weight-rule.ts'
import {
  type MinerTaskRecord,
  type MinerWeightRecord,
  weightRecords,
} from '../weights/miner-weight-record.ts'
import type { HeldBack } from '../cycles/resolve-vector.ts'

/** Stored weights are whole billionths; what is computed again must round to the same, give or take the last one. */
const SAME_WEIGHT = 2e-9

/** What traces are made of. */
export interface CycleTracesParams {
  /** With the vector as it was sent. */
  readonly cycle: WeightCycle
  readonly snapshot: ScoreSnapshot
  /** Of the snapshot, all of them. */
  readonly scores: readonly MinerScore[]
  readonly heldBack: ReadonlyMap<string, HeldBack>
  readonly metagraph: Pick<Metagraph, 'neurons'>
  readonly now: Date
}

/**
 * Every scored miner's way to the number that was sent. Scores of the rule `pathways` are computed again from what the
 * snapshot keeps; where that gives other weights than the stored ones (a coldkey was sold meanwhile), and for every other
 * rule, a trace tells the scores and what came of them, and nothing in between. A trace is made when it is taken, so that a long list can be made in slices.
 */
export function* cycleTraces(params: CycleTracesParams): Generator<MinerWeightTrace, void, void> {
  const { cycle, snapshot, scores, heldBack, metagraph, now } = params
  const neurons = new Map(metagraph.neurons.map((neuron) => [neuron.hotkey, neuron]))
  const sent = new Map(cycle.weights.map((weight) => [weight.hotkey, weight]))
  const coldkeyOf = (hotkey: string): string | null => neurons.get(hotkey)?.coldkey ?? null
  const records = snapshot.rule === 'pathways' ? pathwaysRecords(snapshot, scores, coldkeyOf) : null
  const counts = scoredPerTask(scores)
  const mostPoints = scores.reduce((most, { points }) => Math.max(most, points), 0)
  const { netuid, validatorHotkey, cycleId } = cycle
  for (const score of scores) {
    const { minerHotkey: hotkey } = score
    const record = records?.(hotkey)
    yield {
      netuid,
      validatorHotkey,
      cycleId,
      hotkey,
      uid: sent.get(hotkey)?.uid ?? neurons.get(hotkey)?.uid ?? null,
      coldkey: coldkeyOf(hotkey),
      ...(record === undefined ? plainPart(score, mostPoints, counts) : pathwaysPart(record)),
      weight: score.weight,
      heldBack: heldBack.get(hotkey) ?? null,
      submittedWeight: sent.get(hotkey)?.weight ?? 0,
      submittedValue: sent.get(hotkey)?.value ?? 0,
      createdAt: now,
    }
  }
}

type TracePart = Omit<
  MinerWeightTrace,
  | 'netuid'
  | 'validatorHotkey'
  | 'cycleId'
  | 'hotkey'
  | 'uid'
  | 'coldkey'
  | 'weight'
  | 'heldBack'
  | 'submittedWeight'
  | 'submittedValue'
  | 'createdAt'
>

function pathwaysPart(record: MinerWeightRecord): TracePart {
  const { excellenceTask, clusterSize, clusterFactor, normalised, midpoint, deviation, branch, curved } =
    record
  const { pathway, bonus, excellence, diversity, raw } = record
  return {
    tasks: record.tasks.map(tracedTask),
    pathway,
    bonus,
    excellence,
    excellenceTask,
    diversity,
    raw,
    clusterSize,
    clusterFactor,
    normalised,
    midpoint,
    deviation,
    branch,
    curved,
  }
}

function tracedTask(task: MinerTaskRecord): TraceTask {
  const { name, count, excellenceCut, mean, deviation, steepness } = task.statistics
  const { score, percentile, isQualified, contribution, effectiveContribution } = task
  return {
    task: name,
    score,
    percentile,
    isQualified,
    contribution,
    effectiveContribution,
    count,
    excellenceCut,
    mean,
    deviation,
    steepness,
  }
}

/** How many miners have a score in each task. */
function scoredPerTask(scores: readonly MinerScore[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { scoresByEnvironment } of scores) {
    for (const [task, { sampleCount }] of Object.entries(scoresByEnvironment)) {
      if (sampleCount > 0) counts.set(task, (counts.get(task) ?? 0) + 1)
    }
  }
  return counts
}

/** A rule without pathways: its points are the raw weight. */
function plainPart(
  { points, scoresByEnvironment }: MinerScore,
  mostPoints: number,
  counts: ReadonlyMap<string, number>,
): TracePart {
  return {
    tasks: Object.entries(scoresByEnvironment)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([task, { score, sampleCount, isValid }]) => ({
        task,
        score: sampleCount === 0 ? null : score,
        percentile: null,
        isQualified: isValid,
        contribution: 0,
        effectiveContribution: 0,
        count: counts.get(task) ?? 0,
        excellenceCut: null,
        mean: null,
        deviation: null,
        steepness: null,
      })),
    pathway: 'rule',
    bonus: 0,
    excellence: 0,
    excellenceTask: null,
    diversity: 0,
    raw: points,
    clusterSize: 1,
    clusterFactor: 1,
    normalised: mostPoints > 0 ? points / mostPoints : 0,
    midpoint: null,
    deviation: null,
    branch: 'rule',
    curved: 0,
  }
}

const keptSchema = z.looseObject({
  environments: z.array(
    z.object({ name: z.string(), scoringRange: z.tuple([z.int(), z.int()]), minCompleteness: z.number() }),
  ),
})

/** The record of a hotkey; null when the stored weights do not follow from what is kept. */
function pathwaysRecords(
  snapshot: ScoreSnapshot,
  scores: readonly MinerScore[],
  coldkeyOf: (hotkey: string) => string | null,
): ((hotkey: string) => MinerWeightRecord | undefined) | null {
  const kept = keptSchema.safeParse(snapshot.parameters)
  const parameters = pathwaysRuleSchema.safeParse(withoutEnvironments(snapshot.parameters))
  if (!kept.success || !parameters.success || scores.length === 0) return null
  const input: RuleInput = {
    environments: kept.data.environments.map(({ name, scoringRange: [from, to], minCompleteness }) => ({
      name,
      taskCount: to - from,
      minCompleteness,
    })),
    miners: scores.map(({ minerHotkey, firstBlock, scoresByEnvironment }) => ({
      minerHotkey,
      coldkey: coldkeyOf(minerHotkey),
      firstBlock,
      means: new Map(
        Object.entries(scoresByEnvironment).map(([name, { score, sampleCount }]) => [
          name,
          { mean: score, sampleCount },
        ]),
      ),
    })),
  }
  const { computed, miners } = computePathways(input, parameters.data, true)
  const places = new Map(miners.hotkeys.map((hotkey, place) => [hotkey, place]))
  const isSame = scores.every(({ minerHotkey, weight }) => {
    const place = places.get(minerHotkey)
    const again = place === undefined ? 0 : (computed.weights[place] ?? 0)
    return Math.abs(again - weight) <= SAME_WEIGHT
  })
  if (!isSame) return null
  const records = weightRecords(computed, miners)
  return (hotkey) => {
    const place = places.get(hotkey)
    return place === undefined ? undefined : records.at(place)
  }
}

function withoutEnvironments(
  parameters: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, JsonValue>> {
  const { environments: _environments, ...rule } = parameters
  return rule
}
