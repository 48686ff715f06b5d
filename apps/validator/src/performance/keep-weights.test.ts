import { buildMinerPerformance, buildTaskPerformance } from '@subnetkit/core/contracts'
import { describe, expect, it } from 'vitest'

import { keepWeights } from './keep-weights.ts'

const noWeights = {
  weightScore: null,
  percentileRank: null,
  weightContribution: null,
  effectiveContribution: null,
  isQualified: false,
} as const

describe('keepWeights', () => {
  it('takes weights, incentive and pathways from the former row, and everything else from the new one', () => {
    const former = buildMinerPerformance({
      incentive: 0.25,
      incentiveValue: 16_384,
      overallRank: 9,
      tasks: [buildTaskPerformance({ weightScore: 0.8, percentileRank: 90, avgScore: 0.1, rank: 9 })],
    })
    const computed = buildMinerPerformance({
      cycleId: null,
      scoringPathway: null,
      incentive: null,
      incentiveValue: null,
      overallRank: 2,
      tasks: [buildTaskPerformance({ ...noWeights, avgScore: 0.5, rank: 1 })],
    })
    const { cycleId, scoringPathway, submittedWeight } = former
    const kept = keepWeights(computed, former)
    expect(kept).toMatchObject({ cycleId, scoringPathway, submittedWeight, incentive: 0.25, overallRank: 2 })
    expect(kept.tasks).toEqual([
      buildTaskPerformance({ weightScore: 0.8, percentileRank: 90, avgScore: 0.5, rank: 1 }),
    ])
  })

  it('keeps a task that only the trace knew, and drops one that nothing tells of any more', () => {
    const traced = buildTaskPerformance({ taskName: 'geomagnetic' })
    const gone = buildTaskPerformance({ ...noWeights, taskName: 'soil' })
    const scored = buildTaskPerformance({ ...noWeights, taskName: 'weather' })
    const kept = keepWeights(
      buildMinerPerformance({ tasks: [scored] }),
      buildMinerPerformance({ tasks: [traced, gone] }),
    )
    expect(kept.tasks).toEqual([traced, scored])
  })
})
