import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify'
import type { FastifySerializerCompiler } from 'fastify/types/schema.js'
import type { z } from 'zod'

import { jsonText } from '../cli/json-text.ts'
import { toInputError } from '../errors/parse-input.ts'

/** Lets a route's zod schemas type its params, query, body and reply. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown
}

const partNames: Readonly<Record<string, string>> = { querystring: 'query' }

/** Parses a part of a request; what does not fit becomes an `InputError` whose field is `query.limit`, `body.hotkey` … */
export const zodValidatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = 'request' }) => {
  const part = partNames[httpPart] ?? httpPart
  const fieldName = (path: readonly PropertyKey[]): string => [part, ...path.map(String)].join('.')
  return (value: unknown) => {
    const result = schema.safeParse(value)
    return result.success
      ? { value: result.data }
      : { error: toInputError(result.error, value, { subject: part, fieldName }) }
  }
}

/** Checks a reply against its schema and writes it with big integers as text: a reply that breaks its contract is a 500. */
export const zodSerializerCompiler: FastifySerializerCompiler<z.ZodType> = ({ schema, method, url }) => {
  return (value) => {
    const result = schema.safeParse(value)
    if (result.success) return jsonText(result.data)
    throw new TypeError(`the reply of ${method} ${url} breaks its own schema: ${result.error.message}`, {
      cause: result.error,
    })
  }
}
