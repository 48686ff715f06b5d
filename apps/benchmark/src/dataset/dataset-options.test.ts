import { isInputError } from '@subnetkit/core'
import type { InputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import type { DatasetOptionTexts } from './dataset-options.ts'
import { parseDatasetOptions } from './dataset-options.ts'

const good: DatasetOptionTexts = {
  network: 'torus',
  date: '2025-08-01',
  windowDays: '30',
  transfers: '100_000',
  seed: '42',
  format: 'parquet',
}

function failureOf(texts: DatasetOptionTexts): InputError | null {
  try {
    parseDatasetOptions(texts)
  } catch (error) {
    if (isInputError(error)) return error
    throw error
  }
  return null
}

describe('parseDatasetOptions', () => {
  it('completes the options; the time of making is midnight of the day, not the wall clock', () => {
    expect(parseDatasetOptions(good)).toEqual({
      network: 'torus',
      date: '2025-08-01',
      windowDays: 30,
      transfers: 100_000,
      seed: '42',
      format: 'parquet',
      generatedAt: '2025-08-01T00:00:00.000Z',
    })
  })

  it.each<[flag: string, change: Partial<DatasetOptionTexts>]>([
    ['--date', { date: '2025-02-30' }],
    ['--date', { date: '01.08.2025' }],
    ['--date', { date: '1970-01-05' }],
    ['--network', { network: 'Torus!' }],
    ['--network', { network: '../torus' }],
    ['--transfers', { transfers: '0' }],
    ['--transfers', { transfers: '999' }],
    ['--transfers', { transfers: '10000001' }],
    ['--transfers', { transfers: '1e5' }],
    ['--transfers', { transfers: '-5' }],
    ['--window-days', { windowDays: '0' }],
    ['--window-days', { windowDays: '367' }],
    ['--window-days', { windowDays: '1.5' }],
    ['--seed', { seed: '' }],
    ['--format', { format: 'xlsx' }],
    ['--generated-at', { generatedAt: 'yesterday' }],
    ['--generated-at', { generatedAt: '2025-13-01T00:00:00Z' }],
  ])('refuses a bad %s: %o', (flag, change) => {
    const error = failureOf({ ...good, ...change })
    expect(error?.field).toBe(flag)
    expect(error?.hint).not.toBe('')
    expect(error?.message).toContain(JSON.stringify(Object.values(change)[0]))
  })
})
