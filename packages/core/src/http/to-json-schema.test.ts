import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { numberFromText } from '../cli/number-from-text.ts'
import { systemConfigSchema } from '../models/system-config.ts'
import { toJsonSchema } from './to-json-schema.ts'

describe('toJsonSchema', () => {
  it('writes what crosses the wire', () => {
    const schema = z.strictObject({
      id: z.bigint(),
      at: z.date().nullable(),
      limit: numberFromText(z.int().min(1)),
    })
    expect(toJsonSchema(schema, 'input')).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', pattern: String.raw`^-?\d+$` },
        at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
        limit: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      },
      required: ['id', 'at', 'limit'],
      additionalProperties: false,
    })
  })

  it('leaves no reference behind, also where a schema contains itself', () => {
    const text = JSON.stringify(toJsonSchema(systemConfigSchema, 'output'))
    expect(text).not.toContain('$ref')
    expect(text).not.toContain('$defs')
    const tree = z.strictObject({
      name: z.string(),
      get children() {
        return z.array(tree)
      },
    })
    expect(toJsonSchema(z.strictObject({ tree }), 'output')).toMatchObject({
      properties: {
        tree: { properties: { name: { type: 'string' }, children: { type: 'array', items: {} } } },
      },
    })
    expect(JSON.stringify(toJsonSchema(tree, 'output'))).not.toContain('$ref')
  })
})
