import { type DockerInstruction, type DockerInstructionName, dockerInstructionNames } from './dockerfile.ts'
import { dockerfileError } from './dockerfile-error.ts'
import type { DockerLine } from './join-docker-lines.ts'

const withFlags: ReadonlySet<string> = new Set(['ADD', 'COPY', 'FROM', 'HEALTHCHECK', 'RUN'])
const withJson: ReadonlySet<string> = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME'])
const withHeredoc: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN'])
// What this reader takes apart: a variable in one of them would hide what is meant.
const withoutVariables: ReadonlySet<string> = new Set(['ADD', 'COPY', 'ENV', 'FROM', 'USER', 'WORKDIR'])
const FLAG = /^--([a-z][a-z-]*)(?:=([^\s"'\\]*))?(?:\s+|$)/

/** One joined line as an instruction. @throws InputError for what is unknown, ambiguous, a heredoc, or hides behind a variable. */
export function readDockerInstruction(source: DockerLine): DockerInstruction {
  const { line } = source
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(source.text) ?? []
  const name = toName(word)
  if (name === null) {
    const hint = 'begin each line with an instruction such as FROM, COPY or ENTRYPOINT'
    throw dockerfileError({ line, value: word, problem: 'is not an instruction', hint })
  }
  const { flags, text } = withFlags.has(name) ? takeFlags(rest, line) : { flags: {}, text: rest.trim() }
  if (text === '') {
    throw dockerfileError({ line, value: name, problem: 'says nothing', hint: 'give it what it needs' })
  }
  if (withHeredoc.has(name) && text.includes('<<')) {
    const hint = 'put the text into a file of the repository'
    throw dockerfileError({ line, value: source.text, problem: 'uses a heredoc (<<)', hint })
  }
  if (withoutVariables.has(name) && rest.includes('$')) {
    const hint = 'write the value itself'
    throw dockerfileError({ line, value: source.text, problem: 'uses a variable ($)', hint })
  }
  return { name, line, flags, text, json: withJson.has(name) ? readJson(text, line) : null }
}

function toName(word: string): DockerInstructionName | null {
  return dockerInstructionNames.find((name) => name === word.toUpperCase()) ?? null
}

function takeFlags(rest: string, line: number): { flags: Record<string, string>; text: string } {
  const flags = new Map<string, string>()
  let text = rest.trim()
  while (text.startsWith('--')) {
    const found = FLAG.exec(text)
    const name = found?.[1]
    if (found === null || name === undefined || flags.has(name)) {
      const hint = 'write flags once, as --name=value without quotes'
      throw dockerfileError({ line, value: text, problem: 'is not a flag', hint })
    }
    flags.set(name, found[2] ?? 'true')
    text = text.slice(found[0].length)
  }
  return { flags: Object.fromEntries(flags), text: text.trim() }
}

function readJson(text: string, line: number): string[] | null {
  if (!text.startsWith('[')) return null
  const words = parseWords(text)
  if (words !== null) return words
  const hint = 'write ["word", "word"] with double quotes'
  throw dockerfileError({ line, value: text, problem: 'is not a JSON list of words', hint })
}

function parseWords(text: string): string[] | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) && parsed.every((word) => typeof word === 'string') ? parsed : null
  } catch {
    return null
  }
}
