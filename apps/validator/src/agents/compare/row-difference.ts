import { isDeepStrictEqual } from 'node:util'

import { showValue } from '@subnetkit/core'

/** Why a row of the copy is not as it should be. */
export type DifferenceKind =
  /** The copy lacks it. */
  | 'missing'
  | 'different'
  /** Only the copy has it. */
  | 'only_in_record'
  /** One of the stores holds something that is no such row. */
  | 'unreadable'
  /** It could not be repaired. */
  | 'conflict'

/** One difference between the stores, for a person. */
export interface RowDifference {
  readonly table: string
  readonly id: string
  readonly kind: DifferenceKind
  /** The first field that differs; null when it is the row as a whole. */
  readonly field: string | null
  /** What DynamoDB has. */
  readonly decided: string | null
  /** What ClickHouse has. */
  readonly copied: string | null
}

const SHOWN_CHARACTERS = 120

/** The first field in which two rows differ; null when they are equal. */
export function firstDifference(
  decided: object,
  copied: object,
): Pick<RowDifference, 'field' | 'decided' | 'copied'> | null {
  for (const [field, value] of Object.entries(decided)) {
    const other: unknown = Reflect.get(copied, field)
    if (!isDeepStrictEqual(value, other)) return { field, decided: show(value), copied: show(other) }
  }
  return null
}

function show(value: unknown): string {
  const text = value instanceof Date ? value.toISOString() : showValue(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
