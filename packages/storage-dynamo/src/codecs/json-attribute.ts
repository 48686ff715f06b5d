import { z } from 'zod'

/** Deepest nesting of a JSON value that is stored; deeper ones come from attacks and overflow stacks elsewhere. */
export const MAX_JSON_DEPTH = 100

type Json = z.infer<ReturnType<typeof z.json>>

const jsonValueSchema = z.custom<Json>(
  (value) => isJsonValue(value, 0),
  `must be a JSON value of at most ${MAX_JSON_DEPTH} levels, without undefined, NaN or dates`,
)

/**
 * A JSON value as JSON text (`S`): floats keep every bit, objects keep the order and the names of their keys
 * (`__proto__` too), and null, empty texts and nesting need no rules of their own. −0 becomes 0, as JSON has it.
 */
export const jsonAttribute = z.codec(z.string(), jsonValueSchema, {
  decode: (text, context) => {
    try {
      const value: unknown = JSON.parse(text)
      return jsonValueSchema.parse(value)
    } catch (cause) {
      context.issues.push({ code: 'custom', input: text, message: 'must be JSON text', params: { cause } })
      return z.NEVER
    }
  },
  encode: (value) => JSON.stringify(value),
})

function isJsonValue(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth >= MAX_JSON_DEPTH) return false
  // Array.from turns holes into undefined, which is refused; `every` would pass over them.
  if (Array.isArray(value)) return Array.from(value).every((member) => isJsonValue(member, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every((member) => isJsonValue(member, depth + 1))
}
