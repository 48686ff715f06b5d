import { describe, expect, it } from 'vitest'

import { detect } from '../detect.ts'
import { alertedAddresses } from '../test-support/alerted-addresses.ts'
import { everydayLife, handMadeInput, type HandMadeTransfer } from '../test-support/hand-made-window.ts'

const life = everydayLife(400)

/** Twelve first-time recipients within four hours, sums by the given rule. */
function fan(usdOf: (index: number) => number, hour = 300): HandMadeTransfer[] {
  return Array.from({ length: 12 }, (_, index): HandMadeTransfer => [
    'tap',
    `r${String(index).padStart(2, '0')}`,
    hour + index / 3,
    usdOf(index),
  ])
}

const evenPieces = (index: number): number => 700 + 61.3 * index

describe('RAPID_FANOUT', () => {
  it('fires on even pieces to many first-time recipients when no funds were seen to come in', async () => {
    const input = handMadeInput([...life, ...fan(evenPieces)])
    const recipients = fan(evenPieces).map(([, to]) => to)
    expect(await alertedAddresses('RAPID_FANOUT', input)).toEqual([...recipients, 'tap'])
    const { alerts } = await detect(input)
    for (const alert of alerts) expect(alert.alertConfidenceScore).toBeLessThan(0.6)
  })

  it('leaves it to MOTIF_FANOUT when the funds came in before', async () => {
    const funded = handMadeInput([...life, ['bank', 'tap', 200, 12_600], ...fan(evenPieces)])
    expect(await alertedAddresses('RAPID_FANOUT', funded)).toEqual([])
    expect(await alertedAddresses('MOTIF_FANOUT', funded)).toContain('tap')
  })

  it.each<readonly [string, readonly HandMadeTransfer[]]>([
    ['everybody gets the same', fan(() => 700)],
    ['sums are as different as errands', fan((index) => 15 * 1.7 ** index)],
    ['the same people are paid twice a month', [...fan(evenPieces, 60), ...fan(evenPieces, 420)]],
    ['it takes the whole month', fan(evenPieces).map(([a, b, , usd], k) => [a, b, 20 + 55 * k, usd])],
    ['there are few recipients', fan(evenPieces).slice(0, 6)],
    ['amounts mean nothing', fan(() => 1)],
  ])('stays quiet when %s', async (what, transfers) => {
    const around =
      what === 'amounts mean nothing'
        ? life.map(([from, to, hours]): HandMadeTransfer => [from, to, hours, 1])
        : life
    expect(await alertedAddresses('RAPID_FANOUT', handMadeInput([...around, ...transfers]))).toEqual([])
  })
})
