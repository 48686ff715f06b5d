import { expect, it } from 'vitest'

import { textChunks } from './text-chunks.ts'

it('cuts by bytes, keeps order and loses nothing', () => {
  expect(textChunks([], 10)).toEqual([])
  expect(textChunks(['aa', 'bb', 'cc'], 10)).toEqual([['aa', 'bb'], ['cc']])
  expect(textChunks(['éé', 'b'], 10)).toEqual([['éé'], ['b']])
  expect(textChunks(['a', 'x'.repeat(50), 'b'], 10)).toEqual([['a'], ['x'.repeat(50)], ['b']])
})

it('cuts by number', () => {
  expect(textChunks(['a', 'b', 'c', 'd', 'e'], 100, 2)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})
