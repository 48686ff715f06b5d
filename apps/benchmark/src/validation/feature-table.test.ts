import { describe, expect, it } from 'vitest'

import { countFeatures } from './feature-table.ts'
import { outputLimits } from './output-limits.ts'

describe('countFeatures', () => {
  it('counts rows, columns beside the address, and rows without one', async () => {
    const batches = [
      [
        { address: 'a', degree: 1, volume: 2 },
        { address: 'b', degree: 3, age: 4 },
      ],
      [{ degree: 5 }, { address: '' }, { address: 7 }, null, ['address'], 'address'],
    ]
    expect(await countFeatures(batches)).toEqual({ rows: 8, columns: 3, rowsWithoutAddress: 6 })
  })

  it('is all zero for an empty file', async () => {
    expect(await countFeatures([])).toEqual({ rows: 0, columns: 0, rowsWithoutAddress: 0 })
  })

  it('refuses more rows than may be, and keeps its memory bounded by names', async () => {
    const batch = Array.from({ length: 20_000 }, (_, at) => ({ address: 'a', [`column${at}`]: at }))
    expect(await countFeatures([batch])).toMatchObject({ rows: 20_000, columns: 9_999 })
    await expect(countFeatures([batch], { ...outputLimits, scores: 100 })).rejects.toThrow(/more than 100/)
  })
})
