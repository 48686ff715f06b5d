import { z } from 'zod'

/** JSON Schema of the parts of a route; everything else in a route's schema is passed on. */
const requestParts = new Set(['body', 'headers', 'params', 'querystring'])

/** A zod schema as the JSON Schema of what crosses the wire: dates and big integers are text there. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const {
    $schema: _dialect,
    $defs: definitions = {},
    ...jsonSchema
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: target }) => {
      const { type } = zodSchema._zod.def
      if (type === 'date') Object.assign(target, { type: 'string', format: 'date-time' })
      if (type === 'bigint') Object.assign(target, { type: 'string', pattern: String.raw`^-?\d+$` })
    },
  })
  return inlineRefs(jsonSchema, definitions, [])
}

const LOCAL_REF = /^#\/\$defs\//

/**
 * References point into the schema's own root, which is no root any more inside an OpenAPI document: definitions are
 * written out where they are used. Where one contains itself, the inner one is left open (`{}`: any JSON value).
 */
function inlineRefs(
  node: Readonly<Record<string, unknown>>,
  definitions: Readonly<Record<string, unknown>>,
  inside: readonly string[],
): Record<string, unknown> {
  const { $ref: ref } = node
  if (typeof ref === 'string') {
    const name = ref.replace(LOCAL_REF, '')
    const definition = definitions[name]
    if (!isRecord(definition) || inside.includes(name)) return {}
    return inlineRefs(definition, definitions, [...inside, name])
  }
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit)
    return isRecord(value) ? inlineRefs(value, definitions, inside) : value
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A route's zod schemas as JSON Schemas, with `errorSchema` as the default reply; for the OpenAPI document. */
export function toRouteJsonSchema(
  schema: Readonly<Record<string, unknown>>,
  errorSchema: z.ZodType,
): Record<string, unknown> {
  const converted: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(schema)) {
    converted[name] = requestParts.has(name) && isZod(value) ? toJsonSchema(value, 'input') : value
  }
  const responses: Record<string, unknown> = {
    default: { description: 'Whatever went wrong', ...toJsonSchema(errorSchema, 'output') },
  }
  const declared = schema['response']
  if (typeof declared === 'object' && declared !== null) {
    for (const [status, value] of Object.entries(declared)) {
      // A reply's schema is given the domain's value; what a client reads is the same with text for dates and bigints.
      if (isZod(value)) {
        responses[status] = { description: value.description ?? 'Success', ...toJsonSchema(value, 'output') }
      }
    }
  }
  converted['response'] = responses
  return converted
}

function isZod(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value
}
