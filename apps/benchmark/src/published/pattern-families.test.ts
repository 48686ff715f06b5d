import type { PlantedOutcome } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { groupFamilies } from './pattern-families.ts'

const runId = '00000000-0000-8000-8000-000000000001'

function planted(plantedPattern: string, patternType: string, isFound: boolean): PlantedOutcome {
  return {
    runId,
    plantedPattern,
    patternType,
    addresses: ['a', 'b'],
    isFound,
    foundByRow: isFound ? 1 : null,
  }
}

describe('families of patterns', () => {
  it('count what was planted, found, missed and wrongly reported, by type', () => {
    const families = groupFamilies(
      [
        planted('cycle-2', 'cycle', false),
        planted('cycle-1', 'cycle', true),
        planted('burst-1', 'burst', false),
      ],
      [
        { patternType: 'cycle', isAccepted: true },
        { patternType: 'cycle', isAccepted: false },
        { patternType: 'rug_pull', isAccepted: false },
      ],
    )
    expect(families).toMatchObject([
      { patternType: 'burst', planted: 1, found: 0, missed: 1, wrong: 0 },
      { patternType: 'cycle', planted: 2, found: 1, missed: 1, wrong: 1 },
      { patternType: 'rug_pull', planted: 0, found: 0, missed: 0, wrong: 1 },
    ])
    expect(families[1]?.outcomes.map(({ plantedPattern }) => plantedPattern)).toEqual(['cycle-1', 'cycle-2'])
  })

  it('put what a miner made up as a type into one family without a name, at the end', () => {
    const reports = ['<script>', '', 'Cycle', '__proto__'].map((patternType) => ({
      patternType,
      isAccepted: false,
    }))
    const families = groupFamilies([planted('x-1', 'zebra', false)], reports)
    expect(families.map(({ patternType, wrong }) => [patternType, wrong])).toEqual([
      ['zebra', 0],
      ['', 4],
    ])
    expect(groupFamilies([], [])).toEqual([])
  })
})
