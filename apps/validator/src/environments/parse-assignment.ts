import { lastFlatObject, parseJson } from './answer-text.ts'

const variableName = /^[xX]_?(\d{1,4})$/
const equation =
  /\b[xX]_?(\d{1,4})["'*`]{0,3}[ \t]{0,3}(?:=|:=|:|->|is)[ \t]{0,3}["'*`]{0,3}(true|false|1|0)\b/gi

/**
 * Reads which variables an answer sets: the last JSON object that names any, else equations such as `x1=true`, `x2: 0`,
 * where a later one of the same variable wins. Empty when the answer sets none.
 */
export function parseAssignment(answer: string): ReadonlyMap<number, boolean> {
  const fromObject = readObject(lastFlatObject(answer))
  if (fromObject.size > 0) return fromObject
  const assignment = new Map<number, boolean>()
  for (const [, digits, value] of answer.matchAll(equation)) {
    if (digits === undefined || value === undefined) continue
    assignment.set(Number(digits), value === '1' || value.toLowerCase() === 'true')
  }
  return assignment
}

function readObject(text: string | null): ReadonlyMap<number, boolean> {
  const assignment = new Map<number, boolean>()
  const parsed = text === null ? undefined : parseJson(text)
  if (typeof parsed !== 'object' || parsed === null) return assignment
  for (const [name, value] of Object.entries(parsed)) {
    const digits = variableName.exec(name)?.[1]
    const truth = readTruth(value)
    if (digits !== undefined && truth !== null) assignment.set(Number(digits), truth)
  }
  return assignment
}

function readTruth(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (text === 1 || text === '1' || text === 'true') return true
  return text === 0 || text === '0' || text === 'false' ? false : null
}
