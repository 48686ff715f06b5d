import { MAX_PAGE_LIMIT, showValue, StorageError } from '@subnetkit/core'
import { z } from 'zod'

/**
 * Throws StorageError `invalid_input`, naming parameter, value and fault, when a question's parameter cannot be. Of an
 * object only the part at fault is shown.
 */
export function checkParam(field: string, schema: z.ZodType, value: unknown): void {
  const result = schema.safeParse(value)
  if (result.success) return
  const [issue] = result.error.issues
  const path = issue?.path ?? []
  const at = [field, ...path].map(String).join('.')
  const part = path.reduce<unknown>(
    (whole, key) => (typeof whole === 'object' && whole !== null ? Reflect.get(whole, key) : undefined),
    value,
  )
  throw new StorageError({
    code: 'invalid_input',
    message: `${at}${shown(part)}: ${issue?.message ?? 'does not fit'}`,
    details: { field: at },
  })
}

function shown(part: unknown): string {
  if (typeof part === 'number') return ` ${part}`
  return typeof part === 'object' && part !== null && !(part instanceof Date) ? '' : ` ${showValue(part)}`
}

const limitSchema = z.int().min(1).max(MAX_PAGE_LIMIT)

/** The most that a list without pages may be asked for: 1–10,000. */
export function checkLimit(limit: number): void {
  checkParam('limit', limitSchema, limit)
}
