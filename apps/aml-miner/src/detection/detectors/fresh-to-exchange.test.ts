import { describe, expect, it } from 'vitest'

import { detect } from '../detect.ts'
import type { DetectionInput, DetectionLabel } from '../detection-input.ts'
import { alertedAddresses } from '../test-support/alerted-addresses.ts'
import { everydayLife, handMadeInput, type HandMadeTransfer } from '../test-support/hand-made-window.ts'

const life = everydayLife(60)
const exchange: DetectionLabel = { addressType: 'exchange', riskLevel: 'low', trustLevel: 'verified' }

function labelled(transfers: readonly HandMadeTransfer[]): DetectionInput {
  const input = handMadeInput([...life, ...transfers])
  return { ...input, labels: new Map([[input.transfers.addresses.indexOf('desk'), exchange]]) }
}

const drop: readonly HandMadeTransfer[] = [
  ['p0001', 'fresh', 300, 4000],
  ['fresh', 'desk', 306, 3950],
]

describe('FRESH_TO_EXCHANGE', () => {
  it('fires on a new address that empties itself into a labelled exchange, as a hint only', async () => {
    expect(await alertedAddresses('FRESH_TO_EXCHANGE', labelled(drop))).toEqual(['fresh'])
    const { alerts } = await detect(labelled(drop))
    expect(alerts.find(({ address }) => address === 'fresh')?.alertConfidenceScore).toBeLessThanOrEqual(0.4)
  })

  it.each<readonly [string, readonly HandMadeTransfer[]]>([
    ['keeps most of it', [drop[0] ?? ['a', 'b', 1, 1], ['fresh', 'desk', 306, 1500]]],
    [
      'moves little',
      [
        ['p0001', 'fresh', 300, 400],
        ['fresh', 'desk', 306, 390],
      ],
    ],
    [
      'waits for days',
      [
        ['p0001', 'fresh', 300, 4000],
        ['fresh', 'desk', 380, 3950],
      ],
    ],
    [
      'was there from the start',
      [
        ['p0001', 'fresh', 10, 4000],
        ['fresh', 'desk', 12, 3950],
      ],
    ],
    ['pays somebody else too', [...drop, ['fresh', 'p0002', 307, 20]]],
    [
      'drew the money from the exchange',
      [
        ['desk', 'fresh', 300, 4000],
        ['fresh', 'desk', 306, 3950],
      ],
    ],
  ])('leaves alone an address that %s', async (_, transfers) => {
    expect(await alertedAddresses('FRESH_TO_EXCHANGE', labelled(transfers))).toEqual([])
  })

  it('is silent without labels', async () => {
    const input = handMadeInput([...life, ...drop])
    expect(await alertedAddresses('FRESH_TO_EXCHANGE', input)).toEqual([])
  })
})
