import { minerPerformanceSchema, weightCycleStates } from '@subnetkit/core'
import { buildMinerPerformance } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { isPublic, withoutWeights } from './visibility.ts'

it('tells numbers once the chain shows them, and not before', () => {
  expect(weightCycleStates.filter((state) => isPublic({ state }))).toEqual(['revealed', 'effective'])
})

it('leaves nothing in statistics that a hidden weight can be read from', () => {
  const performance = buildMinerPerformance()
  const shown = withoutWeights(performance)
  expect(minerPerformanceSchema.parse(shown)).toEqual(shown)
  const { submittedWeight, submittedValue, rawCalculatedWeight, excellenceWeight, tasks } = performance
  const secrets = [submittedWeight, submittedValue, rawCalculatedWeight, excellenceWeight]
  const hidden = [...secrets, tasks[0]?.weightContribution, tasks[0]?.effectiveContribution]
  const numbers = new Set(JSON.stringify(shown).match(/[\d.]+/g))
  for (const secret of hidden) expect(numbers.has(String(secret))).toBe(false)
  expect(shown.incentive).toBe(performance.incentive)
  expect(shown.overallAvgScore).toBe(performance.overallAvgScore)
})
