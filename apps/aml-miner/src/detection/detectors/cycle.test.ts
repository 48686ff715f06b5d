import { describe, expect, it } from 'vitest'

import { alertedAddresses } from '../test-support/alerted-addresses.ts'
import { everydayLife, handMadeInput, type HandMadeTransfer } from '../test-support/hand-made-window.ts'

const life = everydayLife(400)

/** The same money around three wallets, three times within a day. */
const rounds: readonly HandMadeTransfer[] = Array.from({ length: 9 }, (_, step): HandMadeTransfer => [
  `w${step % 3}`,
  `w${(step + 1) % 3}`,
  400 + 2.3 * step,
  1120 - 3.7 * step,
])

describe('CYCLE_DETECTION', () => {
  it('sees quick rounds, although joining the transfers of a pair hides them', async () => {
    const found = await alertedAddresses('CYCLE_DETECTION', handMadeInput([...life, ...rounds]))
    expect(found).toEqual(['w0', 'w1', 'w2'])
  })

  it('stays quiet when the three only trade with each other, each sum its own', async () => {
    const trade = rounds.map(([from, to, hours], step): HandMadeTransfer => [
      from,
      to,
      60 + (hours - 400) * 25,
      35 * 1.6 ** ((step * 5) % 9),
    ])
    expect(await alertedAddresses('CYCLE_DETECTION', handMadeInput([...life, ...trade]))).toEqual([])
  })
})
