import { setImmediate } from 'node:timers/promises'

import type { Tree } from '@lezer/common'
import { parser } from '@lezer/python'

import { bridgeGrammar } from './bridge-grammar.ts'

/** Without recovery: the first error ends it, so that no file takes longer for being wrong. */
const strict = parser.configure({ strict: true })

/** Five times what a megabyte of plain Python takes; a file of nothing but brackets and signs is over it. */
const MAX_STEPS = 300_000
/** Steps until others get the thread: some milliseconds. */
const STEPS_PER_TURN = 1_000

/** What became of parsing a file. */
export type ParsedPython =
  Readonly<{ tree: Tree }> | Readonly<{ problem: string; /** In characters. */ position: number }>

/**
 * Parses Python. What it takes is bounded by {@link MAX_STEPS} and by the depth at which the parser gives up, and other
 * work goes on meanwhile.
 */
export async function parsePython(source: string, signal?: AbortSignal): Promise<ParsedPython> {
  const parse = strict.startParse(bridgeGrammar(source))
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    let tree: Tree | null
    try {
      tree = parse.advance()
    } catch {
      return { problem: 'is no Python here, or is nested too deeply', position: parse.parsedPos }
    }
    if (tree !== null) return { tree }
    if (step % STEPS_PER_TURN === 0) await setImmediate(undefined, signal === undefined ? {} : { signal })
  }
  return { problem: 'has too many parts for one file', position: parse.parsedPos }
}
