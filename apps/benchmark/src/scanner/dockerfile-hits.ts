import { isInputError } from '@subnetkit/core'

import type { Dockerfile, DockerInstruction, DockerStage } from '../dockerfile/dockerfile.ts'
import { readDockerfile } from '../dockerfile/read-dockerfile.ts'
import type { ScanRule } from './scan-finding.ts'

/** What is wrong with a line of the Dockerfile that gets built. */
export interface DockerfileHit {
  readonly rule: ScanRule
  readonly line: number | null
  readonly message: string
}

/** What a Dockerfile is judged by. */
export interface DockerfileRules {
  /** Images that a stage may come from. */
  readonly baseImages: readonly string[]
  /** Only container engines can build RUN. */
  readonly isRunAllowed: boolean
}

const ROOT = /^(?:root|0+)(?::|$)/
/** Decide which code the loader or Node runs before the submission's own. */
const LOADER = /^LD_|^NODE_(?:OPTIONS|PATH|EXTRA_CA_CERTS)$|^(?:BASH_ENV|ENV|PYTHONSTARTUP|PYTHONPATH|PATH)$/
/** NODE_OPTIONS for memory alone are harmless. */
const MEMORY_OPTIONS = /^(?:--max-(?:old-space|semi-space)-size=\d+\s*)+$/

/** Judges the Dockerfile in every stage, since each of them is built. */
export function dockerfileHits(text: string, rules: Readonly<DockerfileRules>): DockerfileHit[] {
  let file: Dockerfile
  try {
    file = readDockerfile(text)
  } catch (error) {
    if (!isInputError(error)) throw error
    const line = Number(/^Dockerfile line (\d+)$/.exec(error.field)?.[1] ?? Number.NaN)
    return [{ rule: 'dockerfile-unreadable', line: Number.isNaN(line) ? null : line, message: error.message }]
  }
  const earlier: string[] = []
  const hits: DockerfileHit[] = []
  for (const [index, stage] of file.stages.entries()) {
    hits.push(...stageHits(stage, earlier, rules))
    earlier.push(String(index))
    if (stage.name !== null) earlier.push(stage.name)
  }
  const beforeFrom = file.instructions.findIndex(({ name }) => name === 'FROM')
  for (const { line, name } of file.instructions.slice(0, beforeFrom)) {
    hits.push({ rule: 'dockerfile-instruction', line, message: `${name} before the first FROM is refused` })
  }
  hits.push(...endHits(file))
  return hits
}

function stageHits(
  stage: DockerStage,
  earlier: readonly string[],
  rules: Readonly<DockerfileRules>,
): DockerfileHit[] {
  const hits: DockerfileHit[] = []
  const names = earlier.filter((name) => !/^\d+$/.test(name))
  if (!rules.baseImages.includes(stage.base) && !names.includes(stage.base)) {
    const message = `FROM ${shown(stage.base)} is refused; build FROM ${rules.baseImages.join(' or ')}`
    hits.push({ rule: 'dockerfile-base', line: stage.line, message })
  }
  if (stage.name !== null && (rules.baseImages.includes(stage.name) || earlier.includes(stage.name))) {
    const message = 'a stage must not have the name of an image or of another stage'
    hits.push({ rule: 'dockerfile-base', line: stage.line, message })
  }
  if (Object.keys(stage.flags).length > 0) {
    hits.push({ rule: 'dockerfile-base', line: stage.line, message: 'FROM takes no flags here' })
  }
  for (const copy of stage.copies) {
    if (copy.from !== null && !earlier.includes(copy.from)) {
      const message = `COPY --from=${shown(copy.from)} names no earlier stage; other images are refused`
      hits.push({ rule: 'dockerfile-copy', line: copy.line, message })
    }
    const flag = Object.keys(copy.flags).find(
      (name) => name !== 'from' && name !== 'chown' && name !== 'chmod',
    )
    if (flag !== undefined) {
      hits.push({ rule: 'dockerfile-copy', line: copy.line, message: `COPY --${shown(flag)} is refused` })
    }
    // A mode with the set-user-ID, set-group-ID or sticky bit, or one in letters.
    if (copy.flags['chmod'] !== undefined && !/^0?[0-7]{3}$/.test(copy.flags['chmod'])) {
      hits.push({
        rule: 'dockerfile-copy',
        line: copy.line,
        message: 'COPY --chmod takes three octal digits',
      })
    }
  }
  hits.push(...stage.instructions.flatMap((instruction) => instructionHits(instruction, rules)))
  hits.push(...environmentHits(stage))
  return hits
}

function instructionHits(instruction: DockerInstruction, rules: Readonly<DockerfileRules>): DockerfileHit[] {
  const { name, line, flags } = instruction
  if (name === 'ADD') {
    return [{ rule: 'dockerfile-add', line, message: 'ADD fetches and unpacks; use COPY' }]
  }
  if (name === 'RUN') {
    const flag = Object.keys(flags)[0]
    if (!rules.isRunAllowed) {
      return [
        {
          rule: 'dockerfile-run',
          line,
          message: 'RUN is built with Docker only, which is not what runs submissions here',
        },
      ]
    }
    return flag === undefined
      ? []
      : [{ rule: 'dockerfile-run', line, message: `RUN --${shown(flag)} is refused; RUN takes no flags` }]
  }
  const isKnown = ['CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'FROM', 'LABEL', 'USER', 'WORKDIR'].includes(name)
  return isKnown ? [] : [{ rule: 'dockerfile-instruction', line, message: `${name} is refused` }]
}

function environmentHits(stage: DockerStage): DockerfileHit[] {
  const line = stage.instructions.find(({ name }) => name === 'ENV')?.line ?? stage.line
  return Object.entries(stage.environment)
    .filter(([name, value]) => LOADER.test(name) && !(name === 'NODE_OPTIONS' && MEMORY_OPTIONS.test(value)))
    .map(([name]) => ({
      rule: 'dockerfile-environment',
      line,
      message: `${shown(name)} decides what runs before the program; leave it to the base image`,
    }))
}

function endHits(file: Dockerfile): DockerfileHit[] {
  const { lastStage } = file
  const hits: DockerfileHit[] = []
  if (lastStage.user !== null && ROOT.test(lastStage.user)) {
    const line = lastStage.instructions.findLast(({ name }) => name === 'USER')?.line ?? null
    hits.push({ rule: 'dockerfile-user', line, message: 'the program must not be root; leave USER out' })
  }
  if (lastStage.entrypoint === null || lastStage.entrypoint.length === 0) {
    const last = lastStage.instructions.findLast(({ name }) => name === 'ENTRYPOINT')
    const message = 'the last stage needs ENTRYPOINT ["program", "argument"] with double quotes'
    hits.push({ rule: 'dockerfile-entrypoint', line: last?.line ?? lastStage.line, message })
  }
  const command = lastStage.instructions.findLast(({ name }) => name === 'CMD')
  if (command !== undefined && command.json === null) {
    const message = 'CMD needs the form ["argument"]; its other form starts a shell'
    hits.push({ rule: 'dockerfile-entrypoint', line: command.line, message })
  }
  return hits
}

function shown(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, 80)
}
