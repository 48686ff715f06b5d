import { checkExpression } from './check-expression.ts'
import { compile, type Bind } from './bind.ts'
import type { PlannedColumn, RowPlan } from './row-plan.ts'

/**
 * Decodes parsed wire rows and appends them to `out`; answers the index of the first row that does not fit, or −1.
 * One generated function both builds and checks the row, so that validation costs next to nothing beside JSON.parse.
 */
export type CompiledReader<Row> = (rows: readonly unknown[], out: Row[]) => number

/** Compiles a plan's reader. */
export function compileReader<Row>(plan: RowPlan): CompiledReader<Row> {
  const reader = compile(['rows', 'out'], (bind) => readerBody(plan, bind))
  // The generated function checks each value against the row's schema: this is where the type becomes true.
  return reader as CompiledReader<Row>
}

function readerBody(plan: RowPlan, bind: Bind): string {
  const { columns } = plan
  const memos = columns.flatMap((planned, index) => (isMemoised(planned, bind) ? [`m${index}`] : []))
  const lines = columns.map(({ spec }, index) => {
    const decoded = spec.code.decode(`w${index}`, bind)
    return `const w${index}=r[${index}],v${index}=${decoded}`
  })
  const checks = columns.map((planned, index) => columnCheck(planned, `v${index}`, `m${index}`, bind))
  const fields = columns.map(({ field }, index) => `${JSON.stringify(field)}:v${index}`)
  const whole = plan.hasObjectChecks ? `if(!${bind(plan.schema)}.safeParse(o).success)return i\n` : ''
  return `${memos.length > 0 ? `let ${memos.join(',')}\n` : ''}for(let i=0;i<rows.length;i++){
const r=rows[i]
if(!Array.isArray(r)||r.length!==${columns.length})return i
${lines.join('\n')}
if(!(${checks.join('\n&&') || 'true'}))return i
const o={${fields.join(',')}}
${whole}out.push(o)
}
return -1`
}

function columnCheck(planned: PlannedColumn, value: string, memo: string, bind: Bind): string {
  const check = `(${checkExpression(planned.schema, value, bind)})`
  return isMemoised(planned, bind) ? `(${value}===${memo}||${check}&&(${memo}=${value},true))` : check
}

/** Remembering the last good value pays where checking costs more than comparing: patterns and asked schemas. */
function isMemoised({ schema, spec }: PlannedColumn, bind: Bind): boolean {
  return spec.code.isComparable && /k\d+(\.test)?\(/.test(checkExpression(schema, 'v', bind))
}
