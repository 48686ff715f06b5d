import { describe, expect, it } from 'vitest'

import { detect } from '../detect.ts'
import type { DetectionInput, DetectionLabel } from '../detection-input.ts'
import { alertedAddresses } from '../test-support/alerted-addresses.ts'
import { everydayLife, handMadeInput, type HandMadeTransfer } from '../test-support/hand-made-window.ts'

const life = everydayLife(60)
const transfers: readonly HandMadeTransfer[] = [
  ['near', 'mixer', 100, 800],
  ['half', 'mixer', 110, 900],
  ['half', 'far', 120, 90],
  ['far', 'p0001', 130, 50],
]

function labelled(label: Partial<DetectionLabel>): DetectionInput {
  const input = handMadeInput([...life, ...transfers])
  const known: DetectionLabel = { addressType: 'mixer', riskLevel: 'low', trustLevel: 'community', ...label }
  return { ...input, labels: new Map([[input.transfers.addresses.indexOf('mixer'), known]]) }
}

describe('PROXIMITY_RISK by labels', () => {
  it.each<Partial<DetectionLabel>>([
    { riskLevel: 'critical' },
    { riskLevel: 'high' },
    { trustLevel: 'blacklisted' },
  ])('fires on direct partners of an address labelled %o, not on theirs', async (label) => {
    expect(await alertedAddresses('PROXIMITY_RISK', labelled(label))).toEqual(['half', 'near'])
  })

  it('is surer the larger the share of such transfers', async () => {
    const { alerts } = await detect(labelled({ riskLevel: 'critical' }))
    const confidenceOf = (name: string): number =>
      alerts.find(({ address }) => address === name)?.alertConfidenceScore ?? 0
    expect(confidenceOf('near')).toBeCloseTo(0.9, 9)
    expect(confidenceOf('half')).toBeCloseTo(0.7, 9)
  })

  it('leaves partners of harmless labels alone', async () => {
    expect(await alertedAddresses('PROXIMITY_RISK', labelled({ riskLevel: 'medium' }))).toEqual([])
  })
})
