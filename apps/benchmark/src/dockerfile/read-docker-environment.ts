import type { DockerInstruction } from './dockerfile.ts'
import { dockerfileError } from './dockerfile-error.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const PAIR = /^([^\s=]+)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'\\]|\\.)*)(?:\s+|$)/

/** The pairs of an ENV: `A=1 B="two words"`, or the old form `A rest of the line`. */
export function readDockerEnvironment(instruction: DockerInstruction): [name: string, value: string][] {
  const { line, text } = instruction
  const first = /^(\S+)\s*/.exec(text)?.[1] ?? ''
  if (!first.includes('=')) {
    const value = text.slice(first.length).trim()
    return [[checkedName(first, line), unquoted(value)]]
  }
  const pairs: [string, string][] = []
  for (let rest = text; rest !== '';) {
    const found = PAIR.exec(rest)
    if (found === null) {
      const hint = 'write NAME=value, and double quotes around a value with spaces'
      throw dockerfileError({ line, value: rest, problem: 'is not a pair of name and value', hint })
    }
    pairs.push([checkedName(found[1] ?? '', line), unquoted(found[2] ?? '')])
    rest = rest.slice(found[0].length)
  }
  return pairs
}

function checkedName(name: string, line: number): string {
  if (NAME.test(name)) return name
  const hint = 'use letters, digits and underscores'
  throw dockerfileError({ line, value: name, problem: 'is not a name for a variable', hint })
}

function unquoted(value: string): string {
  return value.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_all, double, single, escaped) => {
    if (typeof double === 'string') return double.replaceAll(/\\(["\\])/g, '$1')
    return typeof single === 'string' ? single : String(escaped)
  })
}
