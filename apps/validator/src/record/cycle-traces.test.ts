import {
  minerWeightTraceSchema,
  type MinerScore,
  type MinerWeightTrace,
  type ScoreSnapshot,
} from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { chainNow, cycleOf, metagraphOf, neuronHotkey, neuronOf } from '../../test/fixtures/chain-values.ts'
import examples from '../../test/fixtures/weight-examples.json' with { type: 'json' }
import { pathwaysRule } from '../scoring/pathways-rule.ts'
import type { RuleInput } from '../scoring/weight-rule.ts'
import { pathwaysPreset } from '../weights/pathways-presets.ts'
import { cycleTraces } from './cycle-traces.ts'

const TASKS = 20
const { uids, scores: columns } = examples.A
const environments = Object.keys(columns)

/** Example A of the facts as a snapshot with its scores; its miners hold the same uids on the chain. */
function exampleA(coldkeyOf: (uid: number) => string = (uid) => `coldkey${uid}`): {
  readonly snapshot: ScoreSnapshot
  readonly scores: readonly MinerScore[]
} {
  const rule = pathwaysRule.prepare(
    JSON.parse(JSON.stringify({ ...pathwaysPreset('plan-era'), clusters: {} })),
  )
  const input: RuleInput = {
    environments: environments.map((name) => ({ name, taskCount: TASKS, minCompleteness: 0.9 })),
    miners: uids.map((uid, at) => ({
      minerHotkey: neuronHotkey(uid),
      coldkey: coldkeyOf(uid),
      firstBlock: uid,
      means: new Map(
        Object.entries(columns).flatMap(([name, column]) => {
          const mean = column[at] ?? null
          return mean === null ? [] : [[name, { mean, sampleCount: TASKS }] as const]
        }),
      ),
    })),
  }
  const snapshotId = 'a'.repeat(32)
  const snapshot: ScoreSnapshot = {
    snapshotId,
    blockNumber: 990,
    validatorHotkey: neuronHotkey(0),
    rule: 'pathways',
    parameters: {
      ...rule.parameters,
      environments: environments.map((name) => ({ name, scoringRange: [0, TASKS], minCompleteness: 0.9 })),
    },
    burn: 0,
    minerCount: uids.length,
    eligibleCount: 0,
    scoresHash: '0'.repeat(64),
    top: [],
    calculatedAt: chainNow,
  }
  const scores = rule.score(input).map((score, at) => ({
    ...score,
    snapshotId,
    blockNumber: 990,
    uid: uids[at] ?? null,
    modelName: 'model',
    modelRevision: 'r1',
    firstBlock: uids[at] ?? null,
    calculatedAt: chainNow,
  }))
  return { snapshot, scores }
}

const neurons = Array.from({ length: 16 }, (_, uid) => neuronOf(uid))
const heldBack = new Map([[neuronHotkey(13), 'owner' as const]])

function tracesOf(params: ReturnType<typeof exampleA>): readonly MinerWeightTrace[] {
  const weights = uids
    .filter((uid) => uid !== 13)
    .map((uid) => ({ hotkey: neuronHotkey(uid), weight: 0.2, uid, value: uid }))
  const cycle = cycleOf({ weights })
  return [...cycleTraces({ ...params, cycle, heldBack, metagraph: metagraphOf({ neurons }), now: chainNow })]
}

describe('traces of a cycle', () => {
  it('tell every number of example 2.5, computed again from the stored scores', () => {
    const traces = tracesOf(exampleA())
    for (const [at, trace] of traces.entries()) {
      expect(minerWeightTraceSchema.parse(trace)).toEqual(trace)
      expect(trace.raw).toBeCloseTo(examples.A.raw[at] ?? Number.NaN, 8)
      expect(trace.normalised).toBeCloseTo(examples.A.normalised[at] ?? Number.NaN, 8)
      expect(trace.curved).toBeCloseTo(examples.A.curved[at] ?? Number.NaN, 8)
      expect(trace.weight).toBeCloseTo(examples.A.weights[at] ?? Number.NaN, 8)
      const effective = trace.tasks.reduce((sum, task) => sum + task.effectiveContribution, 0)
      expect(effective).toBeCloseTo(trace.raw, 12)
    }
    expect(traces[0]).toMatchObject({
      uid: 10,
      coldkey: 'coldkey10',
      pathway: 'diversity',
      branch: 'curve',
      bonus: 1.15,
    })
    expect(traces[3]).toMatchObject({ heldBack: 'owner', submittedWeight: 0, submittedValue: 0 })
    expect(traces[4]).toMatchObject({ heldBack: null, submittedWeight: 0.2, submittedValue: 14 })
    expect(traces[4]?.tasks.map(({ score }) => score)).toEqual([0.4, null, null])
  })

  it('tell no story that the stored weights contradict', () => {
    // Scored while four miners shared a coldkey, which the chain does not know of any more.
    const shared = exampleA((uid) => ([10, 11, 12, 15].includes(uid) ? 'one' : `coldkey${uid}`))
    const traces = tracesOf(shared)
    expect(traces.every(({ pathway, branch }) => pathway === 'rule' && branch === 'rule')).toBe(true)
    expect(traces.map(({ weight }) => weight)).toEqual(shared.scores.map(({ weight }) => weight))
  })

  it('keep points and means of a rule without pathways, and of a miner that left', () => {
    const { snapshot, scores } = exampleA()
    const other = { snapshot: { ...snapshot, rule: 'layers' }, scores }
    const cycle = cycleOf({ weights: [] })
    const few = metagraphOf({ neurons: neurons.slice(0, 11) })
    const traces = [...cycleTraces({ ...other, cycle, heldBack: new Map(), metagraph: few, now: chainNow })]
    expect(traces[0]).toMatchObject({ uid: 10, pathway: 'rule', normalised: 1, submittedValue: 0 })
    expect(traces[1]).toMatchObject({ uid: null, coldkey: null })
    expect(traces[3]?.tasks).toMatchObject([
      { task: 'geomagnetic', score: 0.97, count: 5 },
      { task: 'soil', score: 0.75, count: 4 },
      { task: 'weather', score: null, count: 5 },
    ])
    for (const trace of traces) expect(minerWeightTraceSchema.parse(trace)).toEqual(trace)
  })
})
