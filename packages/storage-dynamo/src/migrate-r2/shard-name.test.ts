import { describe, expect, it } from 'vitest'

import { compareShards, parseShardName } from './shard-name.ts'

describe('parseShardName', () => {
  it('reads window and validator', () => {
    expect(parseShardName('affine/results/004512340-5F3sa2TJ.json')).toStrictEqual({
      key: 'affine/results/004512340-5F3sa2TJ.json',
      window: 4_512_340,
      validatorHotkey: '5F3sa2TJ',
    })
  })

  it.each([
    'affine/index.json',
    'affine/results/',
    'affine/weights/latest.json',
    'affine/results/4512340-5F.json',
    'affine/results/004512340-5F.json.gz',
    'affine/results/004512340-../x.json',
    'affine/results/x004512340-5F.json',
  ])('passes over %s', (key) => {
    expect(parseShardName(key)).toBeNull()
  })

  it('orders newest first, then by key', () => {
    const names = ['000000020-b.json', '000000040-a.json', '000000020-a.json', '1000000000-a.json']
    const sorted = names.flatMap((key) => parseShardName(key) ?? []).sort(compareShards)
    expect(sorted.map(({ key }) => key)).toStrictEqual([
      '1000000000-a.json',
      '000000040-a.json',
      '000000020-a.json',
      '000000020-b.json',
    ])
  })
})
