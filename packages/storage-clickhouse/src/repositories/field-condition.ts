import { toColumn } from '@subnetkit/core'
import type { z } from 'zod'

import type { QueryParam } from '../query-params.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { checkParam } from './check-param.ts'
import type { Condition } from './key-condition.ts'

/** What a field must be: a value, null where its schema knows null, or one of several. */
export interface WantedField {
  readonly schema: z.ZodType
  readonly value: QueryParam | undefined
  /** The type as a parameter. @default String, and Array(String) for several */
  readonly type?: string
}

/**
 * The rows whose fields are as wanted; every value is checked and travels as a parameter. In `required` undefined is
 * refused like any other wrong value, in `optional` it leaves the field free.
 *
 * @throws StorageError `invalid_input` naming the field.
 */
export function fieldCondition(
  required: Readonly<Record<string, WantedField>>,
  optional: Readonly<Record<string, WantedField>> = {},
): Condition {
  const given = Object.entries(optional).filter(([, { value }]) => value !== undefined)
  const parts: string[] = []
  const params: Record<string, QueryParam> = {}
  for (const [field, { schema, type, value }] of [...Object.entries(required), ...given]) {
    checkParam(field, schema, value)
    if (value === undefined) continue
    const name = quoteIdentifier(toColumn(field))
    if (value === null) {
      parts.push(`${name} IS NULL`)
      continue
    }
    const isList = Array.isArray(value)
    parts.push(`${name} ${isList ? 'IN' : '='} {${field}:${type ?? (isList ? 'Array(String)' : 'String')}}`)
    params[field] = value
  }
  return { where: parts.length === 0 ? 'true' : parts.join(' AND '), params }
}
