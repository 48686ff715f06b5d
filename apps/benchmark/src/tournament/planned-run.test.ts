import { utcDateSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { planDay } from './planned-run.ts'

const testDate = utcDateSchema.parse('2025-08-02')
const runner = (hotkey: string, order: number): Parameters<typeof planDay>[0][number] => ({
  epochId: '00000000-0000-8000-8000-000000000001',
  hotkey,
  imageType: 'analytics',
  order,
})

describe('planDay', () => {
  it('lets the baseline run first, then miners as they registered, on every network and window as listed', () => {
    const planned = planDay([runner('late', 2), runner('early', 1), runner('baseline', 0)], {
      testDate,
      networks: ['torus', 'bittensor'],
      windowDays: [90, 30],
    })
    expect(planned.map(({ hotkey, network, windowDays }) => `${hotkey} ${network} ${windowDays}`)).toEqual(
      ['baseline', 'early', 'late'].flatMap((hotkey) => [
        `${hotkey} torus 90`,
        `${hotkey} torus 30`,
        `${hotkey} bittensor 90`,
        `${hotkey} bittensor 30`,
      ]),
    )
    expect(planned.map(({ runOrder }) => runOrder)).toEqual([...planned.keys()])
    expect(new Set(planned.map(({ processingDate }) => processingDate))).toEqual(new Set([testDate]))
  })

  it('is the same whatever the order of runners, and empty without them', () => {
    const worlds = { testDate, networks: ['torus'], windowDays: [30] }
    const runners = [runner('a', 1), runner('b', 1), runner('c', 1)]
    expect(planDay(runners.toReversed(), worlds)).toEqual(planDay(runners, worlds))
    expect(planDay([], worlds)).toEqual([])
  })
})
