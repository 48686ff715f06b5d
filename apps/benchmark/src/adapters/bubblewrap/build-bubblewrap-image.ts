import { chmod, copyFile, lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { InputError } from '@subnetkit/core'

import type { DockerCopy, Dockerfile, DockerInstruction } from '../../dockerfile/dockerfile.ts'
import { dockerfileError } from '../../dockerfile/dockerfile-error.ts'
import { folderBelow } from '../../dockerfile/read-dockerfile.ts'
import type { BaseImage } from '../base-image/base-image.ts'

const accepted: ReadonlySet<string> = new Set(['FROM', 'COPY', 'ENV', 'WORKDIR', 'USER', 'ENTRYPOINT'])
const acceptedFlags: ReadonlySet<string> = new Set(['chown'])

/** What a run needs to know of an image beside its tree. */
export interface BubblewrapRecipe {
  readonly base: string
  readonly environment: Readonly<Record<string, string>>
  readonly workFolder: string
  readonly entrypoint: readonly string[]
}

/**
 * What a Dockerfile makes of a base image, or why bubblewrap cannot: it copies files and sets words, and runs nothing.
 *
 * @throws InputError naming line and instruction.
 */
export function checkBubblewrapDockerfile(file: Dockerfile, bases: readonly BaseImage[]): BubblewrapRecipe {
  for (const instruction of file.instructions) refuseOthers(instruction)
  const [stage, second] = file.stages
  if (second !== undefined) throw refused(second.line, 'FROM', 'begins a second stage', 'use one stage')
  const { lastStage } = file
  const base = bases.find(({ name }) => name === lastStage.base)
  if (stage === undefined || base === undefined) {
    const hint = `build FROM ${bases.map(({ name }) => name).join(' or ')}`
    throw refused(lastStage.line, lastStage.base, 'is not a base image of this benchmark', hint)
  }
  for (const copy of lastStage.copies) checkCopy(copy)
  const { entrypoint } = lastStage
  if (entrypoint === null || entrypoint.length === 0) {
    const hint = 'write ENTRYPOINT ["node", "main.mjs"]'
    throw refused(lastStage.line, 'ENTRYPOINT', 'is missing or not in JSON form', hint)
  }
  const environment = { ...base.environment, ...lastStage.environment }
  return { base: base.name, environment, workFolder: lastStage.workFolder ?? '/', entrypoint }
}

function refuseOthers({ name, line, flags }: DockerInstruction): void {
  if (!accepted.has(name)) {
    const hint = `use ${[...accepted].join(', ')} only, or ask for a container engine`
    throw refused(line, name, 'is not possible in the bubblewrap sandbox', hint)
  }
  const flag = Object.keys(flags).find((given) => name !== 'COPY' || !acceptedFlags.has(given))
  if (flag !== undefined)
    throw refused(line, `--${flag}`, `is not possible with ${name} here`, 'take it away')
}

function checkCopy({ line, from }: DockerCopy): void {
  if (from !== null) throw refused(line, `--from=${from}`, 'is not possible here', 'copy from the repository')
}

function refused(line: number, value: string, problem: string, hint: string): InputError {
  return dockerfileError({ line, value, problem, hint })
}

/**
 * Makes the tree of an image in an empty folder: a place for each part of the base, which is mounted when it runs, and the
 * submission's files, readable by all and writable by nobody.
 *
 * @throws InputError when a source does not exist, is a link, or goes where the base image's own files are.
 */
export async function layBubblewrapTree(
  params: Readonly<{ file: Dockerfile; base: BaseImage; tree: string; root: string; signal: AbortSignal }>,
): Promise<void> {
  const { file, base, tree, root, signal } = params
  await layBase(base, root)
  let workFolder = '/'
  const copies = new Map(file.lastStage.copies.map((copy) => [copy.line, copy]))
  for (const { name, line, text } of file.lastStage.instructions) {
    signal.throwIfAborted()
    if (name === 'WORKDIR') {
      workFolder = folderBelow(workFolder, text)
      await makeFolder(root, workFolder, line)
    }
    const copy = copies.get(line)
    if (copy !== undefined) await layCopy(copy, { tree, root, workFolder, signal })
  }
  await openFolders(root)
}

/** Whatever this process's umask is, nobody may read all of it. */
async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openFolders(path)
    else if (entry.isFile()) await chmod(path, ((await lstat(path)).mode & 0o111) === 0 ? 0o444 : 0o555)
  }
}

async function layBase(base: BaseImage, root: string): Promise<void> {
  for (const path of base.folders) await mkdir(join(root, path), { recursive: true, mode: 0o755 })
  for (const { path, source } of base.parts) {
    const isFolder = (await lstat(source)).isDirectory()
    await mkdir(join(root, isFolder ? path : dirname(path)), { recursive: true, mode: 0o755 })
    if (!isFolder) await writeFile(join(root, path), '')
  }
  for (const { path, text } of base.texts) {
    await mkdir(join(root, dirname(path)), { recursive: true, mode: 0o755 })
    await writeFile(join(root, path), text, { mode: 0o644 })
  }
  for (const { path, target } of base.links) await symlink(target, join(root, path))
}

interface CopyPlace {
  readonly tree: string
  readonly root: string
  readonly workFolder: string
  readonly signal: AbortSignal
}

async function layCopy(copy: DockerCopy, place: CopyPlace): Promise<void> {
  const { line, sources, destination } = copy
  const target = folderBelow(place.workFolder, destination)
  const isIntoFolder = sources.length > 1 || destination.endsWith('/') || /(^|\/)\.?$/.test(destination)
  for (const source of sources) {
    const path = folderBelow('/', source)
    const about = await lstat(join(place.tree, path)).catch(() => null)
    if (about === null) throw refused(line, source, 'is not in the repository', 'name what is there')
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (about.isDirectory()) await copyFolder(path, target, line, place)
    else if (isIntoFolder || (await hasFolder(place.root, target))) {
      await copyOne(path, `${target}/${name}`, line, place)
    } else await copyOne(path, target, line, place)
  }
}

async function copyFolder(from: string, into: string, line: number, place: CopyPlace): Promise<void> {
  place.signal.throwIfAborted()
  await makeFolder(place.root, into, line)
  for (const entry of await readdir(join(place.tree, from), { withFileTypes: true })) {
    const path = `${from}/${entry.name}`
    if (from === '/' && entry.name === '.git') continue
    if (entry.isDirectory()) await copyFolder(path, `${into}/${entry.name}`, line, place)
    else await copyOne(path, `${into}/${entry.name}`, line, place)
  }
}

async function copyOne(from: string, into: string, line: number, place: CopyPlace): Promise<void> {
  const source = join(place.tree, from)
  const about = await lstat(source)
  if (!about.isFile()) throw refused(line, from, 'is a link or no regular file', 'put a file there')
  await makeFolder(place.root, dirname(into), line)
  const target = join(place.root, into)
  const there = await lstat(target).catch(() => null)
  // What the base image lays is mounted over it, so the copy would be invisible; in a container it would win.
  if (there !== null && (!there.isFile() || (there.mode & 0o222) !== 0)) {
    throw refused(line, into, 'belongs to the base image', 'copy to a folder of your own such as /app')
  }
  if (there !== null) await chmod(target, 0o600)
  await copyFile(source, target)
  await chmod(target, (about.mode & 0o111) === 0 ? 0o444 : 0o555)
}

/** Every step must be a real folder of the tree: nothing is written through a link. */
async function makeFolder(root: string, path: string, line: number): Promise<void> {
  let folder = root
  for (const part of path.split('/').filter((name) => name !== '')) {
    folder = join(folder, part)
    const about = await lstat(folder).catch(() => null)
    if (about === null) await mkdir(folder, { mode: 0o755 })
    else if (!about.isDirectory()) {
      throw refused(
        line,
        path,
        'is not a folder in the base image',
        'copy to a folder of your own such as /app',
      )
    }
  }
}

async function hasFolder(root: string, path: string): Promise<boolean> {
  return await lstat(join(root, path)).then(
    (about) => about.isDirectory(),
    () => false,
  )
}
