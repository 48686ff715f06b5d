import type { SyntaxNode } from '@lezer/common'

import { parsePython } from './parse-python.ts'
import standardModules from './python-modules.json' with { type: 'json' }

const standard: ReadonlySet<string> = new Set(standardModules)

/** The function that a validator calls. */
const ENTRY = 'agent_main'
/** Most violations that are told; a file with more is told how many there are. */
const MAX_TOLD = 50

/** What to check, and what may be imported. */
export interface CheckAgentCodeParams {
  /** The file's text. */
  readonly source: string
  /** Top-level packages besides the standard library. */
  readonly packages: readonly string[]
  readonly signal?: AbortSignal
}

/**
 * Everything that is wrong with an agent's file, each with its line, in the order of lines: it must be Python, define
 * `agent_main` at its top level, and import nothing but the standard library and allowed packages. A file that is no Python
 * is told that alone. The grammar takes a little more than Python does, and never less than what the tests name: it judges
 * the text, and what runs is held by the sandbox that runs it.
 */
export async function checkAgentCode(params: CheckAgentCodeParams): Promise<readonly string[]> {
  const { source, packages, signal } = params
  if (source.includes('\0')) return ['the file holds a NUL character']
  const parsed = await parsePython(source, signal)
  const lineOf = lineCounter(source)
  if ('problem' in parsed) return [`line ${lineOf(parsed.position)}: ${parsed.problem}`]
  const violations: string[] = []
  let violationCount = 0
  const allowed = new Set(packages)
  const add = (text: string): void => {
    violationCount += 1
    if (violations.length < MAX_TOLD) violations.push(text)
  }
  const textOf = (node: Pick<SyntaxNode, 'from' | 'to'>): string => source.slice(node.from, node.to)
  parsed.tree.iterate({
    enter: ({ name, node }) => {
      if (name !== 'ImportStatement') return
      const line = lineOf(node.from)
      for (const module of importedModules(node, textOf)) {
        if (module === null) add(`line ${line}: imports relative to itself, but an agent is one file`)
        else if (!standard.has(module) && !allowed.has(module)) add(`line ${line}: imports ${module}`)
      }
    },
  })
  if (!definesEntry(parsed.tree.topNode, textOf)) {
    add(`the file defines no function ${ENTRY} at its top level, or an async one`)
  }
  const left = violationCount - violations.length
  return left === 0 ? violations : [...violations, `and ${left} more`]
}

/** Top-level names of the modules of one import; null for a relative one. */
function importedModules(
  statement: SyntaxNode,
  textOf: (node: SyntaxNode) => string,
): readonly (string | null)[] {
  const modules: (string | null)[] = []
  const isFrom = statement.firstChild?.name === 'from'
  let isModule = true
  for (let child = statement.firstChild; child !== null; child = child.nextSibling) {
    if (isFrom && child.name === '.' && isModule) return [null]
    if (isFrom && child.name === 'import') return modules
    if (child.name === 'VariableName' && isModule) {
      modules.push(textOf(child).slice(0, 64))
      isModule = false
    }
    if (!isFrom && child.name === ',') isModule = true
  }
  return modules
}

function definesEntry(top: SyntaxNode, textOf: (node: SyntaxNode) => string): boolean {
  for (let child = top.firstChild; child !== null; child = child.nextSibling) {
    const node = child.name === 'DecoratedStatement' ? child.lastChild : child
    if (node?.name !== 'FunctionDefinition' || node.firstChild?.name === 'async') continue
    const name = node.getChild('VariableName')
    if (name !== null && textOf(name) === ENTRY) return true
  }
  return false
}

/** Lines from 1, for positions that grow. */
function lineCounter(source: string): (position: number) => number {
  let line = 1
  let from = 0
  return (position) => {
    for (let at = source.indexOf('\n', from); at >= 0 && at < position; at = source.indexOf('\n', from)) {
      line += 1
      from = at + 1
    }
    return line
  }
}
