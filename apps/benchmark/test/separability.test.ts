import { describe, expect, it } from 'vitest'

import { generateTransfers } from '../src/dataset/generate-transfers.ts'
import { simpleColumns } from '../src/dataset/statistics/account-activity.ts'
import { Separability } from '../src/dataset/statistics/separability.ts'
import { testPlan } from './stream.ts'

describe('simple columns', () => {
  it.each([
    { seed: 'north', transfers: '40000' },
    { seed: 'east', transfers: '40000' },
    { seed: 'south', transfers: '40000', network: 'bittensor', windowDays: '7' },
    { seed: 'west', transfers: '40000', network: 'bitcoin', windowDays: '90' },
    { seed: '42', transfers: '100000' },
  ])('do not tell planted accounts from the rest: %o', (change) => {
    const plan = testPlan(change)
    const separability = new Separability(plan)
    for (const { buffer } of generateTransfers(plan)) separability.note(buffer)
    const report = separability.report()
    expect(Object.keys(report.auc)).toEqual([...simpleColumns])
    const share = report.planted_accounts / report.active_accounts
    expect(share).toBeGreaterThan(0.02)
    expect(share).toBeLessThan(0.05)
    const telling = Object.entries(report.auc).filter(([, auc]) => auc === null || auc < 0.25 || auc > 0.75)
    expect(telling).toEqual([])
  })
})
