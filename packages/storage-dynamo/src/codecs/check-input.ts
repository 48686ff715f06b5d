import { showValue, StorageError } from '@subnetkit/core'
import type { z } from 'zod'

/**
 * Refuses a parameter that breaks its schema, before anything is read or written. Only judges: the value goes on as it
 * is, so the schema must not transform.
 *
 * @param name the parameter as its caller knows it.
 * @throws StorageError `invalid_input` that names parameter, field and value.
 */
export function checkInput<Value>(schema: z.ZodType<Value>, value: Value, name: string): void {
  const parsed = schema.safeParse(value)
  if (parsed.success) return
  const issue = parsed.error.issues[0]
  const fields = issue?.path ?? []
  const path = [name, ...fields.map(String)].join('.')
  let given: unknown = value
  for (const field of fields) {
    given = typeof given === 'object' && given !== null ? Reflect.get(given, field) : undefined
  }
  throw new StorageError({
    code: 'invalid_input',
    message: `${path}: ${showValue(given)} ${issue?.message ?? 'does not fit'}`,
    cause: parsed.error,
    details: { path },
  })
}
