import type { DockerCopy, Dockerfile, DockerInstruction, DockerStage } from './dockerfile.ts'
import { dockerfileError } from './dockerfile-error.ts'
import { joinDockerLines } from './join-docker-lines.ts'
import { readDockerEnvironment } from './read-docker-environment.ts'
import { readDockerInstruction } from './read-docker-instruction.ts'

const FROM = /^([^\s"'\\]+)(?:\s+[Aa][Ss]\s+([A-Za-z][A-Za-z0-9_.-]*))?$/
const PLAIN = /^[^\s"'\\]+$/

/**
 * Reads a Dockerfile the one way that all builders agree on, and refuses what they read differently: parser directives,
 * heredocs, variables in what decides about files, wildcards, broken JSON forms, hidden characters.
 *
 * It does not judge: which images, instructions and users are allowed is the scanner's and the sandbox's to say.
 *
 * @throws InputError naming the line.
 */
export function readDockerfile(text: string): Dockerfile {
  const instructions = joinDockerLines(text).map((line) => readDockerInstruction(line))
  const stages: DockerStage[] = []
  let from: DockerInstruction | null = null
  let own: DockerInstruction[] = []
  for (const instruction of instructions) {
    if (instruction.name !== 'FROM') {
      own.push(instruction)
      if (from === null && instruction.name !== 'ARG') throw withoutFrom(instruction.line, instruction.name)
      continue
    }
    if (from !== null) stages.push(toStage(from, own))
    from = instruction
    own = []
  }
  if (from === null) throw withoutFrom(1, text.slice(0, 40))
  const lastStage = toStage(from, own)
  return { instructions, stages: [...stages, lastStage], lastStage }
}

function withoutFrom(line: number, value: string): Error {
  const hint = 'begin with FROM and the base image'
  return dockerfileError({ line, value, problem: 'stands without a FROM before it', hint })
}

function toStage(from: DockerInstruction, instructions: readonly DockerInstruction[]): DockerStage {
  const { line } = from
  const found = FROM.exec(from.text)
  const base = found?.[1]
  if (base === undefined) {
    const hint = 'write FROM image, or FROM image AS name'
    throw dockerfileError({ line, value: from.text, problem: 'does not name one image', hint })
  }
  const lastOf = (name: string): DockerInstruction | undefined =>
    instructions.findLast((instruction) => instruction.name === name)
  const plainOf = (name: string): string | null => {
    const last = lastOf(name)
    return last === undefined ? null : plain(last)
  }
  return {
    line,
    base,
    name: found?.[2] ?? null,
    flags: from.flags,
    instructions,
    copies: instructions.filter(({ name }) => name === 'COPY' || name === 'ADD').map((copy) => toCopy(copy)),
    environment: Object.fromEntries(
      instructions.filter(({ name }) => name === 'ENV').flatMap((env) => readDockerEnvironment(env)),
    ),
    workFolder: workFolderOf(instructions),
    user: plainOf('USER'),
    entrypoint: lastOf('ENTRYPOINT')?.json ?? null,
    command: lastOf('CMD')?.json ?? null,
  }
}

function plain({ line, name, text }: DockerInstruction): string {
  if (PLAIN.test(text)) return text
  const hint = `give ${name} one word without spaces, quotes and backslashes`
  throw dockerfileError({ line, value: text, problem: 'is not one plain word', hint })
}

/** As Docker does it: a relative WORKDIR is below the one before. */
function workFolderOf(instructions: readonly DockerInstruction[]): string | null {
  let folder: string | null = null
  for (const instruction of instructions) {
    if (instruction.name === 'WORKDIR') folder = folderBelow(folder ?? '/', plain(instruction))
  }
  return folder
}

/** A path of a Dockerfile as an absolute one without `.`, `..` and doubled slashes. */
export function folderBelow(workFolder: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${workFolder}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function toCopy(instruction: DockerInstruction): DockerCopy {
  const { line, flags, json, text } = instruction
  const words = json ?? text.split(/\s+/)
  const destination = words.at(-1)
  if (words.length < 2 || destination === undefined) {
    const hint = 'give at least one source and the destination'
    throw dockerfileError({ line, value: text, problem: 'does not say what goes where', hint })
  }
  for (const word of words) {
    if (/["'\\*?[\]]/.test(word) || word === '') {
      const hint = 'name files and folders as they are'
      throw dockerfileError({ line, value: word, problem: 'holds a wildcard, a quote or nothing', hint })
    }
  }
  const sources = words.slice(0, -1)
  const from = flags['from'] ?? null
  const climbing = sources.find((source) => source.split('/').includes('..'))
  if (climbing !== undefined) {
    const hint = 'name what lies inside the repository'
    throw dockerfileError({ line, value: climbing, problem: 'leads out of the repository', hint })
  }
  return { line, isAdd: instruction.name === 'ADD', from, sources, destination, flags }
}
