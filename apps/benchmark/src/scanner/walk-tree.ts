import { constants, type Dirent } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { pathProblem, shownPath } from './path-problem.ts'
import type { ScanFinding, ScanRule } from './scan-finding.ts'
import { scanLimits } from './scan-limits.ts'

/** A regular file of the tree, read whole. */
export interface TreeFile {
  readonly path: string
  readonly bytes: Buffer
}

/** What a walk tells: either a file, or what is wrong with an entry that is none. */
export type TreeEvent = { readonly file: TreeFile } | { readonly finding: ScanFinding }

/**
 * Goes through every entry of a tree, in the order of its names, and gives each regular file once. No link is followed,
 * no folder left out, whatever it is called. Over a limit it says so and ends, since what it has not seen is not accepted.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function* walkTree(tree: string, signal: AbortSignal): AsyncGenerator<TreeEvent> {
  const sums = { files: 0, bytes: 0 }
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted()
    let entries: Dirent<Buffer>[]
    try {
      entries = await readdir(join(tree, folder), { withFileTypes: true, encoding: 'buffer' })
    } catch (error) {
      yield problem('unreadable', folder, `the folder cannot be read: ${codeOf(error)}`)
      continue
    }
    const names = entries.map(({ name }) => name.toString('utf8')).sort()
    yield* collisions(folder, names)
    const below: string[] = []
    for (const name of names) {
      signal.throwIfAborted()
      // An empty folder costs nothing in git, which has none; a tree of folders alone is a bomb.
      if (++sums.files > scanLimits.files * 4) {
        yield problem('too-many-files', '.', `it has more than ${scanLimits.files} files`)
        return
      }
      const path = folder === '' ? name : `${folder}/${name}`
      const entry = await readEntry(tree, path)
      if (entry === 'folder') below.push(path)
      else yield entry
    }
    folders.push(...below.reverse())
  }
}

function* collisions(folder: string, names: readonly string[]): Generator<TreeEvent> {
  const seen = new Map<string, string>()
  for (const name of names) {
    const plain = name.normalize('NFC').toLowerCase()
    const other = seen.get(plain)
    if (other !== undefined) {
      const message = `${shownPath(name)} and ${shownPath(other)} are one file where case does not count`
      yield problem('case-collision', folder === '' ? name : `${folder}/${name}`, message)
    }
    seen.set(plain, name)
  }
}

async function readEntry(tree: string, path: string): Promise<TreeEvent | 'folder'> {
  const odd = pathProblem(path)
  if (odd !== null) return problem('odd-name', path, odd)
  const full = join(tree, path)
  try {
    const found = await lstat(full)
    if (found.isSymbolicLink())
      return problem('link', path, 'it is a symbolic link; put the file itself there')
    if (found.isDirectory()) return 'folder'
    if (!found.isFile()) return problem('special-file', path, 'it is a device, a pipe or a socket')
    if (found.nlink > 1) return problem('link', path, 'it is a hard link; put a file of its own there')
    if ((found.mode & 0o7000) !== 0)
      return problem('special-file', path, 'its mode has a set-ID or sticky bit')
    if (found.size > scanLimits.fileBytes) return tooLarge(path, found.size)
    return await readRegular(full, path)
  } catch (error) {
    return problem('unreadable', path, `it cannot be read: ${codeOf(error)}`)
  }
}

/** Opened without following a link, and looked at again: what was a file a moment ago may be something else by now. */
async function readRegular(full: string, path: string): Promise<TreeEvent> {
  const handle = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const found = await handle.stat()
    if (!found.isFile()) return problem('special-file', path, 'it is a device, a pipe or a socket')
    if (found.size > scanLimits.fileBytes) return tooLarge(path, found.size)
    const bytes = await handle.readFile()
    if (bytes.length !== found.size) return problem('unreadable', path, 'it changes while it is read')
    return { file: { path, bytes } }
  } finally {
    await handle.close()
  }
}

function tooLarge(path: string, size: number): TreeEvent {
  return problem('file-too-large', path, `it has ${size} bytes; a file may have ${scanLimits.fileBytes}`)
}

function problem(rule: ScanRule, path: string, message: string): TreeEvent {
  return { finding: { rule, path: path === '' ? '.' : shownPath(path), line: null, message } }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
