import { checkExpression } from './check-expression.ts'
import { compile, type Bind } from './bind.ts'
import type { PlannedColumn, RowPlan } from './row-plan.ts'

/**
 * Checks a row and writes it as a JSONCompactEachRow line; an empty text when it does not fit. `tail` stands before the
 * closing bracket: the version column where there is one.
 */
export type CompiledWriter<Row> = (row: Row, tail: string) => string

/** Compiles a plan's writer. It remembers each column's last value: repeated ones are neither checked nor written anew. */
export function compileWriter<Row>(plan: RowPlan): CompiledWriter<Row> {
  const factory = compile([], (bind) => writerBody(plan, bind))
  if (typeof factory !== 'function') return () => ''
  // The generated function takes any value and refuses what does not fit.
  return factory() as CompiledWriter<Row>
}

function writerBody(plan: RowPlan, bind: Bind): string {
  const { columns } = plan
  const state = columns.map((_planned, index) => `m${index},e${index}=''`)
  const known = bind(new Set(columns.map(({ field }) => field)))
  const steps = columns.map((planned, index) => columnStep(planned, index, bind))
  const texts = columns.map((_planned, index) => `t${index}`)
  const whole = plan.hasObjectChecks ? `if(!${bind(plan.schema)}.safeParse(o).success)return ''\n` : ''
  return `let ${state.join(',')}
return function(o,tail){
if(typeof o!=='object'||o===null||Array.isArray(o))return ''
let n=0
for(const name in o)n++
if(n!==${columns.length})for(const name in o)if(!${known}.has(name))return ''
${steps.join('\n')}
${whole}return '['+${texts.join(`+','+`)}+tail+']\\n'
}`
}

function columnStep(planned: PlannedColumn, index: number, bind: Bind): string {
  const { code } = planned.spec
  const value = `v${index}`
  const fits = code.fits(value, bind)
  const check = `(${checkExpression(planned.schema, value, bind)})${fits === '' ? '' : `&&${fits}`}`
  const read = `const ${value}=o[${JSON.stringify(planned.field)}]`
  const encoded = code.encode(value, bind)
  if (!code.isComparable) return `${read};if(!(${check}))return '';const t${index}=${encoded}`
  return `${read};let t${index}
if(${value}===m${index}&&${value}!==undefined)t${index}=e${index}
else{if(!(${check}))return '';t${index}=${encoded};m${index}=${value};e${index}=t${index}}`
}
