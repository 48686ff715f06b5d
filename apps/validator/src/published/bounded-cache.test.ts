import { expect, it } from 'vitest'

import { BoundedCache } from './bounded-cache.ts'

it('forgets what was not asked for longest', () => {
  const cache = new BoundedCache<number>(2)
  cache.keep('a', 1)
  cache.keep('b', 2)
  expect(cache.find('a')).toBe(1)
  cache.keep('c', 3)
  expect(['a', 'b', 'c'].map((key) => cache.find(key))).toEqual([1, null, 3])
  cache.keep('c', 4)
  expect(['a', 'c'].map((key) => cache.find(key))).toEqual([1, 4])
})
