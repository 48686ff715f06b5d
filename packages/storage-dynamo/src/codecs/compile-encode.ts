import { z } from 'zod'

/** What an encoder gives: the attributes, or everything that is wrong with the model. */
type EncodeResult =
  { readonly success: true; readonly data: unknown } | { readonly success: false; readonly error: z.ZodError }

/** Turns one value into what is stored, or gives {@link MISFIT}. */
type Encode = (value: unknown) => unknown

/** A value that breaks its schema: `z.safeEncode` then says how. */
const MISFIT = Symbol('misfit')

/** Kinds of schemas that are the same in both directions and hold no other schema. */
const PLAIN = new Set(['string', 'number', 'boolean', 'bigint', 'date', 'enum', 'literal', 'null', 'custom'])

/**
 * Encodes as `z.safeEncode` does, at a fraction of the cost: zod compiles schemas for the way in only, and walks them
 * twice on the way back. So each field is judged by the model's side of its schema as on the way in, each codec's own
 * function is called, and what it gives is judged by the stored side; a text or number that a field had the last time
 * is neither judged nor encoded anew. A schema with a part that cannot be taken apart, and a model that does not fit,
 * are left to `z.safeEncode`.
 */
export function compileEncode(schema: z.ZodType): (model: unknown) => EncodeResult {
  const encode = encoderOf(schema)
  if (encode === null) return (model) => z.safeEncode(schema, model)
  return (model) => {
    const data = encode(model)
    return data === MISFIT ? z.safeEncode(schema, model) : { success: true, data }
  }
}

function encoderOf(schema: z.core.$ZodType): Encode | null {
  if (schema instanceof z.ZodObject) return objectEncoder(schema)
  const side = modelSideOf(schema)
  if (side === null) return null
  const { model, toStored, stored } = side
  const judge = judgeOf(model)
  if (toStored === null) return judge
  const judgeStored = judgeOf(stored)
  return (value) => {
    const judged = judge(value)
    if (judged === MISFIT || judged === null) return judged
    return judgeStored(toStored(judged))
  }
}

function judgeOf(schema: z.ZodType): Encode {
  return (value) => {
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : MISFIT
  }
}

/** A schema of one value taken apart; null is only ever stored as null. */
interface Sides {
  readonly model: z.ZodType
  /** Null where the stored value is the model's. */
  readonly toStored: ((value: unknown) => unknown) | null
  readonly stored: z.ZodType
}

function modelSideOf(schema: z.core.$ZodType): Sides | null {
  if (schema instanceof z.ZodCodec) return codecSides(schema)
  if (schema instanceof z.ZodPipe) return pipeSides(schema)
  if (schema instanceof z.ZodNullable) {
    const inner = modelSideOf(schema.unwrap())
    return inner === null || hasChecks(schema) ? null : { ...inner, model: inner.model.nullable() }
  }
  if (schema instanceof z.ZodArray) {
    return modelSideOf(schema.element)?.toStored === null ? unchanged(schema) : null
  }
  return schema instanceof z.ZodType && PLAIN.has(schema.def.type) ? unchanged(schema) : null
}

function unchanged(schema: z.ZodType): Sides {
  return { model: schema, toStored: null, stored: schema }
}

function codecSides(codec: z.ZodCodec): Sides | null {
  const [stored, model] = [modelSideOf(codec.in), modelSideOf(codec.out)]
  if (stored?.toStored !== null || model?.toStored !== null || hasChecks(codec)) return null
  // The model's null would be told from a codec's own.
  if (model.model.safeParse(null).success) return null
  const { reverseTransform } = codec.def
  return {
    model: model.model,
    toStored: (value) => reverseTransform(value, { value, issues: [] }),
    stored: stored.model,
  }
}

/** The outer side is judged first, as zod does on the way back. */
function pipeSides(pipe: z.ZodPipe): Sides | null {
  const [inner, outer] = [modelSideOf(pipe.in), modelSideOf(pipe.out)]
  if (inner === null || outer === null || outer.toStored !== null || hasChecks(pipe)) return null
  const model = implies(outer.model, inner.model) ? outer.model : outer.model.pipe(inner.model)
  return { ...inner, model }
}

/** Whether what fits `narrow` fits `wide` anyway: a number of the same kind without bounds of its own. */
function implies(narrow: z.ZodType, wide: z.ZodType): boolean {
  if (!(narrow instanceof z.ZodNumber && wide instanceof z.ZodNumber)) return false
  return !hasChecks(wide) && narrow.format === wide.format
}

function hasChecks(schema: z.ZodType): boolean {
  return (schema.def.checks ?? []).length > 0
}

/** A field, and the value that it had the last time: most fields of neighbouring items are alike. */
interface Field {
  readonly name: string
  readonly encode: Encode
  lastValue: unknown
  lastStored: unknown
}

function objectEncoder(schema: z.ZodObject): Encode | null {
  if (!(schema.def.catchall instanceof z.ZodNever) || hasChecks(schema)) return null
  const fields: Field[] = []
  for (const [name, part] of Object.entries(schema.shape)) {
    const encode = encoderOf(part)
    if (encode === null) return null
    fields.push({ name, encode, lastValue: MISFIT, lastStored: MISFIT })
  }
  return (value) => {
    if (!isRecord(value) || Object.keys(value).length !== fields.length) return MISFIT
    const stored: Record<string, unknown> = {}
    for (const field of fields) {
      const encoded = encodeField(field, value[field.name])
      if (encoded === MISFIT) return MISFIT
      stored[field.name] = encoded
    }
    return stored
  }
}

function encodeField(field: Field, value: unknown): unknown {
  // Not `===`: 0 and −0 are stored differently.
  if (Object.is(value, field.lastValue)) return field.lastStored
  const encoded = field.encode(value)
  if (encoded !== MISFIT && (typeof value === 'string' || typeof value === 'number')) {
    field.lastValue = value
    field.lastStored = encoded
  }
  return encoded
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
