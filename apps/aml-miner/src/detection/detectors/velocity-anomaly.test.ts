import { describe, expect, it } from 'vitest'

import { detect } from '../detect.ts'
import { alertedAddresses } from '../test-support/alerted-addresses.ts'
import { everydayLife, handMadeInput, type HandMadeTransfer } from '../test-support/hand-made-window.ts'

const life = everydayLife(400)

/** Twenty transfers to the same five receivers within three hours, from the given hour on. */
function rush(sender: string, hour: number): HandMadeTransfer[] {
  return Array.from({ length: 20 }, (_, index): HandMadeTransfer => [
    sender,
    `${sender}-to-${index % 5}`,
    hour + index * 0.15,
    40 + 13.7 * index,
  ])
}

describe('VELOCITY_ANOMALY', () => {
  it('fires on an address that rushes once, and stays a weak sign', async () => {
    const input = handMadeInput([...life, ...rush('hasty', 300)])
    expect(await alertedAddresses('VELOCITY_ANOMALY', input)).toEqual(['hasty'])
    const { alerts } = await detect(input)
    const alert = alerts.find(({ typologyType }) => typologyType === 'VELOCITY_ANOMALY')
    expect(alert?.alertConfidenceScore).toBeLessThan(0.55)
    expect(alert?.evidence['transfers']).toBe(20)
  })

  it('leaves alone who rushes every week, as a payroll does', async () => {
    const weekly = [60, 228, 396, 564].flatMap((hour) => rush('weekly', hour))
    expect(await alertedAddresses('VELOCITY_ANOMALY', handMadeInput([...life, ...weekly]))).toEqual([])
  })

  it('leaves alone who is busy all month', async () => {
    const busy = Array.from({ length: 200 }, (_, index): HandMadeTransfer => [
      'busy',
      `c${index % 9}`,
      index * 3.5 + (index % 7) / 3,
      20 + index,
    ])
    expect(await alertedAddresses('VELOCITY_ANOMALY', handMadeInput([...life, ...busy]))).toEqual([])
  })
})
