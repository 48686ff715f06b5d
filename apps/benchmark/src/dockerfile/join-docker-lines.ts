import { dockerfileError } from './dockerfile-error.ts'

/** An instruction's text with its continuation lines, and where it begins. */
export interface DockerLine {
  readonly line: number
  readonly text: string
}

const MOST_CHARACTERS = 65_536
const DIRECTIVE = /^#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=/
const CONTINUES = /\\[ \t]*$/
// Control and format characters and spaces other than tab and blank: builders read them differently, people not at all.
const HIDDEN = /(?![\t ])[\p{Cc}\p{Cf}\p{Z}]/u

/**
 * Cuts a Dockerfile into instructions: comments and empty lines are dropped, also between continuation lines, as Docker does.
 *
 * @throws InputError for parser directives, hidden characters, and a file above 64 KiB: what builders read differently.
 */
export function joinDockerLines(text: string): DockerLine[] {
  if (text.length > MOST_CHARACTERS) {
    const hint = `use at most ${MOST_CHARACTERS}`
    throw dockerfileError({ line: 1, value: `${text.length} characters`, problem: 'are too many', hint })
  }
  const joined: DockerLine[] = []
  let open: { line: number; text: string } | null = null
  for (const [index, raw] of text.replaceAll('\r\n', '\n').split('\n').entries()) {
    const line = index + 1
    if (HIDDEN.test(raw)) {
      const hint = 'write plain spaces, tabs and line feeds only'
      throw dockerfileError({ line, value: raw, problem: 'holds a hidden character', hint })
    }
    const trimmed = raw.trim()
    if (trimmed.startsWith('#')) {
      if (joined.length === 0 && open === null) refuseDirective(trimmed, line)
      continue
    }
    if (trimmed === '') continue
    const goesOn = CONTINUES.test(raw)
    const part = goesOn ? raw.replace(CONTINUES, '') : raw
    if (open === null) open = { line, text: part.trimStart() }
    else open.text += part
    if (goesOn) continue
    joined.push({ line: open.line, text: open.text.trim() })
    open = null
  }
  if (open !== null) {
    const hint = 'finish the instruction, or take the last backslash away'
    throw dockerfileError({ line: open.line, value: open.text, problem: 'goes on after the end', hint })
  }
  return joined
}

function refuseDirective(comment: string, line: number): void {
  const name = DIRECTIVE.exec(comment)?.[1]?.toLowerCase()
  if (name !== 'syntax' && name !== 'escape' && name !== 'check') return
  const problem = `is the parser directive '${name}', which changes how a Dockerfile is read`
  throw dockerfileError({ line, value: comment, problem, hint: 'take it away' })
}
