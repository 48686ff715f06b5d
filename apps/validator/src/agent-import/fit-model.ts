import { toColumn } from '@subnetkit/core'
import type { z } from 'zod'

import { RowProblem } from './row-problem.ts'

/** The model that a row gives, or what of it no model can hold. @throws RowProblem */
export function fitModel<Model>(
  schema: z.ZodType<Model>,
  candidate: Readonly<Record<string, unknown>>,
): Model {
  const result = schema.safeParse(candidate)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = String(issue?.path[0] ?? 'row')
  throw new RowProblem({
    field: field === 'row' ? field : toColumn(field),
    value: candidate[field],
    why: issue?.message ?? 'is not accepted',
    wayOut: 'correct it in the file',
  })
}
