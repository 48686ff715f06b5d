import { describe, expect, it } from 'vitest'

import { type EnteredTree, findCopies } from './find-copies.ts'

const DAY_MS = 86_400_000

function entered(
  hotkey: string,
  change: Partial<Omit<EnteredTree, 'enteredAt'>> & { day?: number } = {},
): EnteredTree {
  const { day = 1, ...fields } = change
  return {
    hotkey,
    isBaseline: false,
    treeSha256: 'a'.repeat(64),
    enteredAt: new Date(day * DAY_MS),
    registrationOrder: 1,
    ...fields,
  }
}

describe('findCopies', () => {
  it.each<[string, readonly EnteredTree[], object[]]>([
    ['nobody in nobody', [], []],
    [
      'nobody among different files',
      [entered('x'), entered('y', { treeSha256: 'b'.repeat(64), day: 2 })],
      [],
    ],
    [
      'who came later, whatever the hotkeys',
      [entered('a', { day: 2 }), entered('z', { day: 1 })],
      [{ hotkey: 'a', original: 'z' }],
    ],
    [
      'all of three but the first, each of the first',
      [entered('third', { day: 3 }), entered('first', { day: 1 }), entered('second', { day: 2 })],
      [
        { hotkey: 'second', original: 'first' },
        { hotkey: 'third', original: 'first' },
      ],
    ],
    [
      'who registered after the other in the same moment',
      [entered('a', { registrationOrder: 3 }), entered('b', { registrationOrder: 2 })],
      [{ hotkey: 'a', original: 'b' }],
    ],
    [
      'who entered the files of the baseline',
      [entered('miner', { day: 2 }), entered('baseline', { isBaseline: true, registrationOrder: 0 })],
      [{ hotkey: 'miner', original: 'baseline' }],
    ],
    [
      'neither the baseline nor the miner whose files it has, but a third',
      [
        entered('baseline', { isBaseline: true, day: 5, registrationOrder: 0 }),
        entered('author', { day: 1 }),
        entered('copycat', { day: 6 }),
      ],
      [{ hotkey: 'copycat', original: 'author' }],
    ],
  ])('finds %s', (_name, trees, copies) => {
    expect(findCopies(trees)).toEqual(copies)
    expect(findCopies(trees.toReversed())).toEqual(copies)
  })
})
