import { showValue } from '@subnetkit/core'
import { z } from 'zod'

import { compile } from './bind.ts'
import type { PlannedColumn, RowPlan } from './row-plan.ts'

/** Why a row is refused; the slow path, walked only after the compiled check said no. */
export interface RowFault {
  /** The field, or null when the row as a whole is wrong. */
  readonly field: string | null
  readonly problem: string
}

/** Finds the first field of an object that does not fit its schema or its column. */
export function explainObject(plan: RowPlan, row: unknown): RowFault {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return { field: null, problem: `${show(row)} is not an object` }
  }
  for (const planned of plan.columns) {
    const value: unknown = Reflect.get(row, planned.field)
    const problem = explainValue(planned, value)
    if (problem !== null) return { field: planned.field, problem }
  }
  const known = new Set(plan.columns.map(({ field }) => field))
  for (const field in row) if (!known.has(field)) return { field, problem: 'is not a field of this row' }
  return { field: null, problem: firstIssue(plan.schema, row) ?? 'does not fit' }
}

/** Finds the first value of a wire row that does not decode to what its schema accepts. */
export function explainWireRow(plan: RowPlan, wire: unknown): RowFault {
  if (!Array.isArray(wire) || wire.length !== plan.columns.length) {
    return { field: null, problem: `is not an array of ${plan.columns.length} values` }
  }
  const row: Record<string, unknown> = {}
  for (const [index, planned] of plan.columns.entries()) {
    const decode = compile(['w'], (bind) => `return ${planned.spec.code.decode('w', bind)}`)
    const value: unknown = typeof decode === 'function' ? decode(wire[index]) : undefined
    if (value === undefined) {
      return {
        field: planned.field,
        problem: `${show(wire[index])} is not a ${planned.spec.type} on the wire`,
      }
    }
    const issue = firstIssue(planned.schema, value)
    if (issue !== null) return { field: planned.field, problem: `${show(value)} ${issue}` }
    row[planned.field] = value
  }
  return { field: null, problem: firstIssue(plan.schema, row) ?? 'does not fit' }
}

function explainValue({ schema, spec }: PlannedColumn, value: unknown): string | null {
  if (value === undefined) return 'is missing: give a value, or null where the field allows it'
  const issue = firstIssue(schema, value)
  if (issue !== null) return `${show(value)} ${issue}`
  const fits = compile(['v'], (bind) => `return ${spec.code.fits('v', bind) || 'true'}`)
  return typeof fits === 'function' && fits(value) === true ? null : `${show(value)} ${spec.code.misfit}`
}

function firstIssue(schema: z.core.$ZodType, value: unknown): string | null {
  const result = z.safeParse(schema, value)
  if (result.success) return null
  const issue = result.error.issues[0]
  if (issue === undefined) return 'does not fit its schema'
  return issue.path.length === 0 ? issue.message : `${issue.message} (at ${issue.path.join('.')})`
}

function show(value: unknown): string {
  try {
    return showValue(value)
  } catch {
    return `a value that JSON cannot show (${typeof value})`
  }
}
