import { expect, it } from 'vitest'

import { findUntraced, type FlowTracing } from './flow-tracing.ts'
import { TransferIndex } from './transfer-index.ts'

/** A star around `c` with an exit, and a pair apart. */
const transfers = new TransferIndex(
  ['a>c', 'b>c', 'd>c', 'c>e', 'x>y'].map((pair, nth) => {
    const [from = '', to = ''] = pair.split('>')
    return { txId: String(nth), from, to }
  }),
)

function untraced(names: string, tracing: FlowTracing): number {
  const accounts = [...names].map((name) => transfers.accountOf(name))
  return findUntraced(transfers, accounts, tracing)
}

it.each<readonly [names: string, connected: number, followed: number, consecutive: number]>([
  ['ce', -1, -1, -1],
  ['ace', -1, -1, -1],
  ['eca', -1, -1, 1],
  ['cabde', -1, -1, 1],
  ['acbde', -1, -1, 2],
  ['abcde', -1, 1, 1],
  ['cexy', 2, 2, 2],
  ['cex', 2, 2, 2],
  ['xy', -1, -1, -1],
])('traces %s: connected %i, followed %i, consecutive %i', (names, connected, followed, consecutive) => {
  expect(untraced(names, 'connected')).toBe(connected)
  expect(untraced(names, 'followed')).toBe(followed)
  expect(untraced(names, 'consecutive')).toBe(consecutive)
})
