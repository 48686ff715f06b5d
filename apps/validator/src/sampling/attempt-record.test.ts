import { executionErrorSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { executionError } from './attempt-record.ts'

describe('executionError', () => {
  it.each([
    ['short', 'short'],
    ['x'.repeat(3_000), 'x'.repeat(2_000)],
    [`a${'🙂'.repeat(1_000)}`, `a${'🙂'.repeat(999)}\ufffd`],
    ['half \ud83d and \ude42', 'half \ufffd and \ufffd'],
  ])('keeps what a store takes, case %#', (message, kept) => {
    const error = executionError('timeout', message)
    expect(error).toEqual({ kind: 'timeout', message: kept })
    expect(executionErrorSchema.parse(error)).toEqual(error)
  })

  it.each(['', 'Not A Word', 'x'.repeat(65), '9'])('counts "%s" as unknown', (kind) => {
    expect(executionError(kind, '')).toEqual({ kind: 'unknown', message: '' })
  })
})
