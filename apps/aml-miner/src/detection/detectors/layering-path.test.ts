import { describe, expect, it } from 'vitest'

import { alertedAddresses } from '../test-support/alerted-addresses.ts'
import { everydayLife, handMadeInput, type HandMadeTransfer } from '../test-support/hand-made-window.ts'

const life = everydayLife(400)
const path: readonly HandMadeTransfer[] = [
  ['h1', 'h2', 120, 7400],
  ['h2', 'h3', 124, 7330],
  ['h3', 'h4', 127, 7270],
  ['h4', 'h5', 133, 7190],
]

describe('LAYERING_PATH', () => {
  it('fires on money that hops on, and names every hop', async () => {
    const found = await alertedAddresses('LAYERING_PATH', handMadeInput([...life, ...path]))
    expect(found).toEqual(['h1', 'h2', 'h3', 'h4', 'h5'])
  })

  it('is not fooled by a hop that is cut into pieces', async () => {
    const cut = [...path.slice(0, 1), ['h2', 'h3', 124, 4000], ['h2', 'h3', 125, 3330], ...path.slice(2)]
    const transfers = cut.map(([from, to, hours, usd]): HandMadeTransfer => [
      String(from),
      String(to),
      Number(hours),
      Number(usd),
    ])
    expect(await alertedAddresses('LAYERING_PATH', handMadeInput([...life, ...transfers]))).toEqual([
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
    ])
  })

  it.each<readonly [string, readonly HandMadeTransfer[]]>([
    [
      'each hop keeps a third',
      path.map(([from, to, hours, usd], hop) => [from, to, hours, usd * 0.65 ** hop]),
    ],
    ['each hop rests for five days', path.map(([from, to, , usd], hop) => [from, to, 100 + 120 * hop, usd])],
    ['the steps run backwards in time', path.map(([from, to, hours, usd]) => [from, to, 300 - hours, usd])],
    ['there are two payments only', path.slice(0, 2)],
  ])('stays quiet when %s', async (_, transfers) => {
    expect(await alertedAddresses('LAYERING_PATH', handMadeInput([...life, ...transfers]))).toEqual([])
  })
})
