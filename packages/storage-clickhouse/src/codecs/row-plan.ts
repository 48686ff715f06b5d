import { InputError, toColumn } from '@subnetkit/core'
import { z } from 'zod'

import { findChangingPart } from './check-expression.ts'
import type { ColumnSpec } from './column-spec.ts'

/** A model's schema: a strict object of fields that come out as they went in. */
export type RowSchema = z.ZodObject<Readonly<Record<string, z.core.$ZodType>>, z.core.$strict>

/** One column kind for each field of the model, in the order of the table. A missing or wrong one does not compile. */
export type ColumnsOf<Schema extends RowSchema> = {
  readonly [Field in keyof z.infer<Schema>]-?: ColumnSpec<z.infer<Schema>[Field]>
}

/** One column of a plan. */
export interface PlannedColumn {
  readonly field: string
  /** The column's name in ClickHouse, unquoted. */
  readonly name: string
  readonly spec: ColumnSpec<never>
  readonly schema: z.core.$ZodType
}

/** What reader, writer, column list and drift check are derived from. */
export interface RowPlan {
  readonly columns: readonly PlannedColumn[]
  readonly schema: RowSchema
  /** True when the object as a whole has refinements, which the compiled checks then ask in addition. */
  readonly hasObjectChecks: boolean
}

/**
 * Pairs fields with columns, once, when a codec is made. Throws InputError when the schema cannot promise that a row
 * comes back as it was written: an optional or transformed field, a field without column, an object that is not strict.
 */
export function planRow(
  label: string,
  schema: RowSchema,
  columns: Readonly<Record<string, ColumnSpec<never>>>,
): RowPlan {
  const { shape, catchall } = schema._zod.def
  if (catchall?._zod.def.type !== 'never') {
    throw new InputError({
      field: label,
      problem: 'has a schema that lets unknown fields pass',
      hint: 'use z.strictObject',
    })
  }
  const missing = Object.keys(shape).find((field) => !Object.hasOwn(columns, field))
  const unknown = Object.keys(columns).find((field) => !Object.hasOwn(shape, field))
  if (missing !== undefined || unknown !== undefined) {
    throw new InputError({
      field: `${label}.${missing ?? unknown}`,
      problem: missing === undefined ? 'is no field of the schema' : 'has no column',
      hint: 'give each field of the schema exactly one column',
    })
  }
  return {
    columns: Object.entries(columns).map(([field, spec]) => planColumn(label, field, spec, shape[field])),
    schema,
    hasObjectChecks: (schema._zod.def.checks?.length ?? 0) > 0,
  }
}

function planColumn(
  label: string,
  field: string,
  spec: ColumnSpec<never>,
  schema: z.core.$ZodType | undefined,
): PlannedColumn {
  const changing = schema === undefined ? 'undefined' : findChangingPart(schema)
  if (schema === undefined || changing !== null) {
    throw new InputError({
      field: `${label}.${field}`,
      problem: `has a schema part that changes values or lets undefined pass (${changing})`,
      hint: 'use .nullable() instead of .optional(), and convert values before they become a row',
    })
  }
  return { field, name: toColumn(field), spec, schema }
}
