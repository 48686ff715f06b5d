import { describe, expect, it } from 'vitest'

import { generateTransfers } from '../src/dataset/generate-transfers.ts'
import { Separability } from '../src/dataset/statistics/separability.ts'
import { simpleColumns } from '../src/dataset/statistics/simple-columns.ts'
import { TransferBuffer } from '../src/dataset/transfer-buffer.ts'
import { testPlan } from './stream.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

const worlds = [
  { seed: 'north', transfers: '40000' },
  { seed: 'east', transfers: '20000' },
  { seed: 'south', transfers: '40000', network: 'bittensor', windowDays: '7' },
  { seed: 'west', transfers: '40000', network: 'bitcoin', windowDays: '90' },
  { seed: 'up', transfers: '20000', network: 'torus_evm', windowDays: '14' },
  { seed: 'down', transfers: '20000', network: 'polkadot', windowDays: '180' },
  { seed: '42', transfers: '100000' },
]
const moreWorlds = Array.from({ length: 40 }, (_, nth) => ({
  seed: `more-${nth}`,
  transfers: ['20000', '50000', '100000', '200000'][nth % 4] ?? '20000',
  network: ['torus', 'bittensor', 'bitcoin', 'polkadot', 'other'][nth % 5] ?? 'torus',
  windowDays: ['3', '7', '30', '90'][Math.floor(nth / 4) % 4] ?? '30',
}))

describe('simple columns', () => {
  it.each(isSoak ? [...worlds, ...moreWorlds] : worlds)(
    'do not tell planted accounts, or culprits, from the rest: %o',
    (change) => {
      const plan = testPlan(change)
      const separability = new Separability(plan)
      for (const { buffer } of generateTransfers(plan)) separability.note(buffer)
      const report = separability.report()
      expect(Object.keys(report.auc)).toEqual([...simpleColumns.keys()])
      expect(simpleColumns.size).toBeGreaterThanOrEqual(42)
      const share = report.planted_accounts / report.active_accounts
      expect(share).toBeGreaterThan(0.02)
      expect(share).toBeLessThan(0.07)
      for (const areas of [report.auc, report.culprit_auc]) {
        const telling = Object.entries(areas).filter(
          ([, area]) => area === null || area < 0.25 || area > 0.75,
        )
        expect(telling).toEqual([])
      }
    },
  )

  it('would tell, were there something to be told: that planted accounts pay five times as often', () => {
    const plan = testPlan({ seed: 'loud', transfers: '20000' })
    const separability = new Separability(plan)
    const loud = new Set(plan.instances.flatMap(({ members }) => [...members.keys()]))
    const echo = new TransferBuffer()
    for (const { buffer } of generateTransfers(plan)) {
      echo.length = 0
      for (let row = 0; row < buffer.length; row++) {
        const [from = -1, to = -1, timeMs = 0] = [buffer.from[row], buffer.to[row], buffer.timeMs[row]]
        for (let times = loud.has(from) ? 5 : 1; times > 0; times--) echo.push(from, to, 100, timeMs, 0, -1)
      }
      separability.note(echo)
    }
    const { auc } = separability.report()
    expect(auc['tx_out_count']).toBeGreaterThan(0.75)
  })
})
