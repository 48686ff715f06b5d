import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { isStorageError, type StorageError } from '../errors/storage-error.ts'
import { rowToModel, rowsToModels } from './row-to-model.ts'

const scoreRow = z.strictObject({
  alertId: z.string(),
  finalScore: z.number(),
  version: z.string().regex(/^\d+$/).transform(BigInt),
  riskIndicators: z.array(z.string()),
})
const fields = Object.keys(scoreRow.shape)

function failureOf(action: () => unknown): StorageError {
  try {
    action()
  } catch (error) {
    if (isStorageError(error, 'corrupt_row')) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('rowToModel', () => {
  it('decodes positional and named rows alike', () => {
    const model = { alertId: 'a', finalScore: 0.5, version: 18_446_744_073_709_551_615n, riskIndicators: [] }
    expect(rowToModel(scoreRow, ['a', 0.5, '18446744073709551615', []], { fields })).toEqual(model)
    expect(rowToModel(scoreRow, { ...model, version: '18446744073709551615' })).toEqual(model)
  })

  it('does not change the row that it was given', () => {
    const row = Object.freeze({
      alertId: 'a',
      finalScore: 1,
      version: '1',
      riskIndicators: Object.freeze(['x']),
    })
    expect(rowToModel(scoreRow, row).version).toBe(1n)
    expect(row.version).toBe('1')
  })

  it('names source, row, column and value of each failure', () => {
    const failure = failureOf(() =>
      rowToModel(scoreRow, ['a', 'high', '1', ['x', 7]], {
        fields,
        source: 'miner_alert_scores',
        rowNumber: 41,
      }),
    )
    expect(failure.message).toMatch(
      /^row 41 of miner_alert_scores does not fit its schema: column final_score: /,
    )
    expect(failure.message).toContain('(value "high")')
    expect(failure.message).toContain('column risk_indicators[1]')
    expect(failure.details).toEqual({
      source: 'miner_alert_scores',
      rowNumber: 41,
      columns: ['final_score', 'risk_indicators[1]'],
    })
    expect(failure.cause).toBeInstanceOf(z.ZodError)
    expect(failure.retryable).toBe(false)
  })

  it('refuses unknown and missing fields', () => {
    expect(
      failureOf(() => rowToModel(scoreRow, { alertId: 'a', finalScore: 1, version: '1', extra: 1 })).message,
    ).toMatch(/column risk_indicators: .* \(no value\); unknown field extra/)
  })

  it('needs names for a positional row', () => {
    expect(() => rowToModel(scoreRow, ['a', 1, '1', []])).toThrow(/needs `fields`/)
  })

  it('shows a value that JSON cannot hold', () => {
    const failure = failureOf(() => rowToModel(z.strictObject({ id: z.string() }), { id: [1n] }))
    expect(failure.message).toContain('column id')
  })
})

describe('rowsToModels', () => {
  it('keeps the order and takes any iterable', () => {
    function* rows(): Generator<readonly unknown[]> {
      for (let index = 0; index < 3; index++) yield [`a${index}`, index, `${index}`, []]
    }
    expect(rowsToModels(scoreRow, rows(), fields).map(({ alertId }) => alertId)).toEqual(['a0', 'a1', 'a2'])
    expect(rowsToModels(scoreRow, [], fields)).toEqual([])
  })

  it('counts rows from the block that is being read', () => {
    const rows = [
      ['a', 1, '1', []],
      ['b', null, '1', []],
    ]
    const failure = failureOf(() =>
      rowsToModels(scoreRow, rows, fields, { source: 'scores', rowNumber: 100 }),
    )
    expect(failure.message).toMatch(/^row 101 of scores .*column final_score.*\(value null\)/)
    expect(failureOf(() => rowsToModels(scoreRow, [['a']], fields)).message).toMatch(
      /^row 0 has 1 values for 4 fields/,
    )
  })
})
