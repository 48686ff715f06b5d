import { toColumn } from '@subnetkit/core'

import { compile } from './bind.ts'
import type { ColumnSpec } from './column-spec.ts'

/** `Nullable(…)`: null is a value of its own. Not for columns of a table's key. */
export function nullable<Value>(inner: ColumnSpec<Value>): ColumnSpec<Value | null> {
  const lowCardinality = /^LowCardinality\((.*)\)$/.exec(inner.type)?.[1]
  const { code } = inner
  return {
    type:
      lowCardinality === undefined
        ? `Nullable(${inner.type})`
        : `LowCardinality(Nullable(${lowCardinality}))`,
    code: {
      decode: (wire, bind) => `(${wire}===null?null:${code.decode(wire, bind)})`,
      encode: (value, bind) => `(${value}===null?"null":${code.encode(value, bind)})`,
      fits: (value, bind) => {
        const fits = code.fits(value, bind)
        return fits === '' ? '' : `(${value}===null||${fits})`
      },
      misfit: code.misfit,
      isComparable: code.isComparable,
    },
  }
}

/** `Array(…)`: elements in their order; the array itself is never null. */
export function array<Value>(inner: ColumnSpec<Value>): ColumnSpec<readonly Value[]> {
  const { code } = inner
  const decode = compile(
    ['w'],
    (bind) => `if(!Array.isArray(w))return undefined
const out=[]
for(let i=0;i<w.length;i++){const e=w[i];out.push(${code.decode('e', bind)})}
return out`,
  )
  const encode = compile(
    ['v'],
    (bind) => `let out=''
for(let i=0;i<v.length;i++){const e=v[i];out+=(i===0?'':',')+${code.encode('e', bind)}}
return '['+out+']'`,
  )
  const fits = compile(
    ['v'],
    (bind) => `for(let i=0;i<v.length;i++){const e=v[i];if(!(${code.fits('e', bind) || 'true'}))return false}
return true`,
  )
  return {
    type: `Array(${inner.type})`,
    code: {
      decode: (wire, bind) => `${bind(decode)}(${wire})`,
      encode: (value, bind) => `${bind(encode)}(${value})`,
      fits: (value, bind) => (code.fits('e', bind) === '' ? '' : `${bind(fits)}(${value})`),
      misfit: `has an element that ${code.misfit}`,
      isComparable: false,
    },
  }
}

/** One column kind for each field of an object, in the order of the tuple. */
type FieldsOf<Value> = { readonly [Field in keyof Value]-?: ColumnSpec<Value[Field]> }

/** `Tuple(a …, b …)` as an object: the tuple's names are the fields' in snake_case, their order is that of `fields`. */
export function tuple<Value extends object>(fields: FieldsOf<Value>): ColumnSpec<Value> {
  const columns = Object.entries<ColumnSpec<never>>(fields).map(([field, { type, code }], index) => ({
    field: JSON.stringify(field),
    element: `${toColumn(field)} ${type}`,
    value: `v${index}`,
    index,
    code,
  }))
  const take = columns.map(({ value, field }) => `const ${value}=o[${field}]`).join('\n')
  const decode = compile(['w'], (bind) => {
    const values = columns.map(({ field, code, index }) => `${field}:${code.decode(`w[${index}]`, bind)}`)
    return `if(!Array.isArray(w)||w.length!==${columns.length})return undefined
return {${values.join(',')}}`
  })
  const encode = compile(['o'], (bind) => {
    const texts = columns.map(({ code, value }) => code.encode(value, bind))
    return `${take}\nreturn '['+${texts.join(`+','+`)}+']'`
  })
  const fits = compile(['o'], (bind) => {
    const checks = columns.map(({ code, value }) => code.fits(value, bind)).filter((check) => check !== '')
    return `${take}\nreturn ${checks.join('&&') || 'true'}`
  })
  return {
    type: `Tuple(${columns.map(({ element }) => element).join(', ')})`,
    code: {
      decode: (wire, bind) => `${bind(decode)}(${wire})`,
      encode: (value, bind) => `${bind(encode)}(${value})`,
      fits: (value, bind) => `${bind(fits)}(${value})`,
      misfit: 'has a field that its part of the tuple does not keep',
      isComparable: false,
    },
  }
}
