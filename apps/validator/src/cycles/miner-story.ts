import {
  type CallOptions,
  InputError,
  type MinerScore,
  type Repositories,
  type ScoreSnapshot,
  type WeightCycle,
} from '@subnetkit/core'
import { z } from 'zod'

import type { Metagraph, MetagraphNeuron } from '../ports/chain.ts'
import { snapshotScores } from '../scoring/snapshot-scores.ts'

/** An environment's part of a miner's way, down to the samples. */
export interface EnvironmentStory {
  readonly environment: string
  readonly score: MinerScore['scoresByEnvironment'][string]
  /** Of the samples that counted, by task id. */
  readonly sampleIds: readonly string[]
}

/** One miner's way from its samples to its incentive, in one cycle. */
export interface MinerStory {
  readonly hotkey: string
  /** As the chain has it now; null when the hotkey is no neuron. */
  readonly neuron: MetagraphNeuron | null
  readonly epochBlock: number
  /** The newest cycle in effect, else the newest. */
  readonly cycle: WeightCycle
  readonly sent: WeightCycle['weights'][number] | null
  /** Null when the scores of the cycle have expired, or the miner was not scored. */
  readonly score: MinerScore | null
  readonly snapshot: ScoreSnapshot | null
  readonly environments: readonly EnvironmentStory[]
}

/** What telling a story reads. */
export interface MinerStoryDeps {
  readonly repositories: Pick<Repositories, 'weightCycles' | 'minerScores' | 'samples'>
  readonly metagraph: Metagraph
  readonly now: Date
}

const countedSchema = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      scoringRange: z.tuple([z.int(), z.int()]),
      fromGeneration: z.int(),
      toGeneration: z.int(),
    }),
  ),
})
type Counted = z.infer<typeof countedSchema>['environments'][number]

/**
 * Follows a miner from the chain back to its samples.
 *
 * @throws InputError when the uid is nobody's, or no weights were submitted yet.
 */
export async function readMinerStory(
  deps: MinerStoryDeps,
  params: Readonly<{ validatorHotkey: string; miner: string | number }>,
  options?: CallOptions,
): Promise<MinerStory> {
  const { repositories, metagraph, now } = deps
  const { validatorHotkey, miner } = params
  const scope = { netuid: metagraph.netuid, validatorHotkey }
  const neuron = metagraph.neurons.find(({ uid, hotkey }) => uid === miner || hotkey === miner) ?? null
  const hotkey = neuron?.hotkey ?? miner
  if (typeof hotkey === 'number') throw nobody(hotkey, metagraph)
  const { weightCycles, minerScores } = repositories
  const cycle =
    (await weightCycles.findLatest({ ...scope, states: ['effective'] }, options)) ??
    (await weightCycles.findLatest(scope, options))
  if (cycle === null) throw noCycle()
  const found = await minerScores.findSnapshot({ blockNumber: cycle.snapshotBlock, now }, options)
  const snapshot = found?.snapshotId === cycle.snapshotId ? found : null
  const score = snapshot === null ? null : await findScore(minerScores, snapshot, { hotkey, now }, options)
  return {
    hotkey,
    neuron,
    epochBlock: metagraph.epochBlock,
    cycle,
    sent: cycle.weights.find((weight) => weight.hotkey === hotkey) ?? null,
    score,
    snapshot,
    environments:
      snapshot === null || score === null ? [] : await readSamples(repositories, snapshot, score, options),
  }
}

async function findScore(
  minerScores: Pick<Repositories['minerScores'], 'list'>,
  snapshot: ScoreSnapshot,
  { hotkey, now }: Readonly<{ hotkey: string; now: Date }>,
  options: CallOptions | undefined,
): Promise<MinerScore | null> {
  for await (const score of snapshotScores(minerScores, { snapshot, now }, options)) {
    if (score.minerHotkey === hotkey) return score
  }
  return null
}

/** The samples that the scores were made of: in range, of the counted generations, of each task the highest one. */
async function readSamples(
  { samples }: Pick<Repositories, 'samples'>,
  snapshot: ScoreSnapshot,
  { minerHotkey, modelRevision, scoresByEnvironment }: MinerScore,
  options: CallOptions | undefined,
): Promise<readonly EnvironmentStory[]> {
  const counted = countedSchema.safeParse(snapshot.parameters)
  const ranges = new Map<string, Counted>(
    counted.success ? counted.data.environments.map((one) => [one.name, one]) : [],
  )
  const stories: EnvironmentStory[] = []
  for (const [environment, score] of Object.entries(scoresByEnvironment).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const range = ranges.get(environment)
    const byTask = new Map<number, string>()
    if (range !== undefined) {
      const { fromGeneration, toGeneration, scoringRange } = range
      const scope = { minerHotkey, modelRevision, environment }
      for await (const sample of samples.stream({ scope, fromGeneration, toGeneration }, options)) {
        const isCounted = sample.taskId >= scoringRange[0] && sample.taskId < scoringRange[1]
        if (isCounted && sample.takenAt <= snapshot.calculatedAt) byTask.set(sample.taskId, sample.sampleId)
      }
    }
    stories.push({
      environment,
      score,
      sampleIds: [...byTask].toSorted(([a], [b]) => a - b).map(([, id]) => id),
    })
  }
  return stories
}

function nobody(uid: number, { netuid, neurons }: Metagraph): InputError {
  return new InputError({
    field: 'uid',
    value: uid,
    problem: `is nobody's on subnet ${netuid}`,
    hint: `give a uid below ${neurons.length}, or a hotkey`,
  })
}

function noCycle(): InputError {
  return new InputError({
    field: 'weights',
    problem: 'were not submitted yet',
    hint: 'submit some: validator weights submit',
  })
}
