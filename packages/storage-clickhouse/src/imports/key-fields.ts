import type { ImportField } from './import-plan.ts'
import type { ValueKind } from './value-kind.ts'

function mustEqual(equals: (text: string) => string, name: string): ValueKind {
  return {
    fits: equals,
    value: (text) => text,
    problem: `is not the ${name} of this snapshot`,
    hint: `load it under its own ${name}, or leave such rows out`,
  }
}

/**
 * Columns that repeat the key: where a file has them, they must agree with it. The statement carries the key as
 * parameters.
 */
export const keyFields: readonly ImportField[] = [
  {
    field: 'network',
    columns: ['network'],
    kind: mustEqual((text) => `${text} = {network:String}`, 'network'),
    byDefault: 'NULL',
  },
  {
    field: 'processingDate',
    columns: ['processing_date'],
    kind: mustEqual((text) => `left(${text}, 10) = toString({processingDate:Date})`, 'processing date'),
    byDefault: 'NULL',
  },
  {
    field: 'windowDays',
    columns: ['window_days'],
    kind: mustEqual((text) => `ifNull(toInt32OrNull(${text}) = {windowDays:UInt16}, 0)`, 'window'),
    byDefault: 'NULL',
  },
]
