import { z } from 'zod'

import { compile, type Bind } from './bind.ts'

type Schema = z.core.$ZodType

/** Wrappers and types whose output is not their input: a column must give back what was put in. */
const changing: ReadonlySet<string> = new Set([
  'catch',
  'default',
  'optional',
  'pipe',
  'prefault',
  'promise',
  'success',
  'transform',
  'undefined',
  'void',
])

/** Names what makes a field's schema unfit for a column (`optional`, `transform` …), or null. */
export function findChangingPart(schema: Schema): string | null {
  const { def } = schema._zod
  if (changing.has(def.type)) return def.type
  if ('coerce' in def && def.coerce === true) return 'coerce'
  if (def.checks?.some(({ _zod }) => _zod.def.check === 'overwrite')) return 'overwrite'
  if (schema instanceof z.core.$ZodNullable) return findChangingPart(schema._zod.def.innerType)
  if (schema instanceof z.core.$ZodArray) return findChangingPart(schema._zod.def.element)
  if (schema instanceof z.core.$ZodUnion) {
    return schema._zod.def.options.map(findChangingPart).find((part) => part !== null) ?? null
  }
  return null
}

/**
 * An expression that is true exactly when the schema accepts `value`. Schemas that are not made of plain limits
 * (refinements, unions, objects that are not strict) are asked themselves.
 */
export function checkExpression(schema: Schema, value: string, bind: Bind): string {
  const parts = plainParts(schema, value, bind)
  if (parts !== null) return parts.join('&&')
  const accepts = (candidate: unknown): boolean => z.safeParse(schema, candidate).success
  return `${bind(accepts)}(${value})`
}

function plainParts(schema: Schema, value: string, bind: Bind): readonly string[] | null {
  const base = basePart(schema, value, bind)
  if (base === null) return null
  const parts = [base]
  for (const check of schema._zod.def.checks ?? []) {
    const part = checkPart(check, value, bind)
    if (part === null) return null
    parts.push(part)
  }
  return parts
}

function basePart(schema: Schema, value: string, bind: Bind): string | null {
  const { def } = schema._zod
  if ('coerce' in def && def.coerce === true) return null
  if (schema instanceof z.core.$ZodString) {
    return schema instanceof z.core.$ZodStringFormat ? null : `typeof ${value}==="string"`
  }
  if (schema instanceof z.core.$ZodNumberFormat) return numberFormatPart(schema._zod.def.format, value)
  if (schema instanceof z.core.$ZodNumber) return `Number.isFinite(${value})`
  if (schema instanceof z.core.$ZodBigIntFormat) return null
  if (schema instanceof z.core.$ZodBigInt) return `typeof ${value}==="bigint"`
  if (schema instanceof z.core.$ZodBoolean) return `typeof ${value}==="boolean"`
  if (schema instanceof z.core.$ZodDate)
    return `(${value} instanceof Date&&!Number.isNaN(${value}.getTime()))`
  if (schema instanceof z.core.$ZodEnum || schema instanceof z.core.$ZodLiteral) {
    const { values } = schema._zod
    return values === undefined ? null : `${bind(values)}.has(${value})`
  }
  if (schema instanceof z.core.$ZodNullable) {
    return `(${value}===null||${checkExpression(schema._zod.def.innerType, value, bind)})`
  }
  if (schema instanceof z.core.$ZodArray) return arrayPart(schema._zod.def.element, value, bind)
  if (schema instanceof z.core.$ZodObject) return objectPart(schema, value, bind)
  return null
}

/** Strict objects whose fields must all be there; null for any other kind. */
function objectPart(schema: z.core.$ZodObject, value: string, bind: Bind): string | null {
  const { catchall, shape } = schema._zod.def
  const fields = Object.entries(shape)
  if (catchall?._zod.def.type !== 'never' || fields.some(([, field]) => findChangingPart(field) !== null)) {
    return null
  }
  const fitsAll = compile(['o'], (inner) => {
    const checks = fields.map(([name, field], index) => {
      const member = `v${index}`
      return `const ${member}=o[${JSON.stringify(name)}];if(!(${checkExpression(field, member, inner)}))return false`
    })
    return `let n=0
for(const name in o)n++
if(n!==${fields.length})return false
${checks.join('\n')}
return true`
  })
  return `(typeof ${value}==="object"&&${value}!==null&&!Array.isArray(${value})&&${bind(fitsAll)}(${value}))`
}

function arrayPart(element: Schema, value: string, bind: Bind): string {
  const all = compile(
    ['a'],
    (
      inner,
    ) => `for(let i=0;i<a.length;i++){const e=a[i];if(!(${checkExpression(element, 'e', inner)}))return false}
return true`,
  )
  return `(Array.isArray(${value})&&${bind(all)}(${value}))`
}

function numberFormatPart(format: string, value: string): string | null {
  if (format === 'safeint') return `Number.isSafeInteger(${value})`
  if (format === 'uint32') return `(Number.isInteger(${value})&&${value}>=0&&${value}<=4294967295)`
  if (format === 'int32') return `(Number.isInteger(${value})&&${value}>=-2147483648&&${value}<=2147483647)`
  return null
}

function checkPart(check: z.core.$ZodCheck<never>, value: string, bind: Bind): string | null {
  if (check instanceof z.core.$ZodCheckRegex) {
    const { pattern } = check._zod.def
    return /[gy]/.test(pattern.flags) ? null : `${bind(pattern)}.test(${value})`
  }
  if (check instanceof z.core.$ZodCheckMinLength) return `${value}.length>=${check._zod.def.minimum}`
  if (check instanceof z.core.$ZodCheckMaxLength) return `${value}.length<=${check._zod.def.maximum}`
  if (check instanceof z.core.$ZodCheckLengthEquals) return `${value}.length===${check._zod.def.length}`
  if (check instanceof z.core.$ZodCheckNumberFormat) return numberFormatPart(check._zod.def.format, value)
  if (check instanceof z.core.$ZodCheckLessThan) {
    const { inclusive, value: limit } = check._zod.def
    return limit instanceof Date ? null : `${value}${inclusive ? '<=' : '<'}${bind(limit)}`
  }
  if (check instanceof z.core.$ZodCheckGreaterThan) {
    const { inclusive, value: limit } = check._zod.def
    return limit instanceof Date ? null : `${value}${inclusive ? '>=' : '>'}${bind(limit)}`
  }
  return null
}
