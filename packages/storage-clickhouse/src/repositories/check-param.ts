import { MAX_PAGE_LIMIT, showValue, StorageError } from '@subnetkit/core'
import { z } from 'zod'

/** Throws StorageError `invalid_input`, naming parameter, value and fault, when a question's parameter cannot be. */
export function checkParam(field: string, schema: z.ZodType, value: unknown): void {
  const result = schema.safeParse(value)
  if (result.success) return
  const fault = result.error.issues[0]?.message ?? 'does not fit'
  throw new StorageError({
    code: 'invalid_input',
    message: `${field} ${typeof value === 'number' ? String(value) : showValue(value)}: ${fault}`,
    details: { field },
  })
}

const limitSchema = z.int().min(1).max(MAX_PAGE_LIMIT)

/** The most that a list without pages may be asked for: 1–10,000. */
export function checkLimit(limit: number): void {
  checkParam('limit', limitSchema, limit)
}
