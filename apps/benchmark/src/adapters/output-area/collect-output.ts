import { constants, createWriteStream } from 'node:fs'
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { readableText } from './bounded-log.ts'

/** More files than any submission needs; the rest is refused. */
const MOST_FILES = 64
const MOST_REFUSED = 64
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** What lay in a program's output folder. */
export interface CollectedOutput {
  readonly files: readonly string[]
  readonly refused: readonly string[]
  readonly bytes: number
  /** Files together were above the limit; then nothing was copied. */
  readonly isTooLarge: boolean
}

/**
 * Copies the regular files at the top of a folder that a stranger filled: links are not followed, files with a second name
 * are not taken, names are plain. Call it when nothing can write there any more.
 */
export async function collectOutput(
  params: Readonly<{ from: string; into: string; limitBytes: number; signal: AbortSignal }>,
): Promise<CollectedOutput> {
  const { from, into, limitBytes, signal } = params
  const refused: string[] = []
  const taken: { name: string; bytes: number }[] = []
  const refuse = (name: string, why: string): void => {
    if (refused.length < MOST_REFUSED) refused.push(`${shown(name)}: ${why}`)
  }
  for (const raw of (await readdir(from, { encoding: 'buffer' })).sort(Buffer.compare)) {
    const name = raw.toString('utf8')
    const why = NAME.test(name)
      ? await whyNot(join(from, name))
      : 'a name of other than 1-100 plain characters'
    if (why !== null) refuse(name, why)
    else if (taken.length === MOST_FILES) refuse(name, `more than ${MOST_FILES} files`)
    else taken.push({ name, bytes: (await lstat(join(from, name))).size })
  }
  const bytes = taken.reduce((sum, file) => sum + file.bytes, 0)
  if (bytes > limitBytes) return { files: [], refused, bytes, isTooLarge: true }
  const files: string[] = []
  for (const { name } of taken) {
    if (await copyFile(join(from, name), join(into, name), signal)) files.push(name)
    else refuse(name, 'not readable')
  }
  return { files, refused, bytes, isTooLarge: false }
}

async function whyNot(path: string): Promise<string | null> {
  const about = await lstat(path)
  if (about.isSymbolicLink()) return 'a symbolic link'
  if (about.isDirectory()) return 'a folder'
  if (!about.isFile()) return 'not a regular file'
  return about.nlink > 1 ? 'a file with more than one name' : null
}

/** False when its owner has locked it, which only root sees through. */
async function copyFile(from: string, into: string, signal: AbortSignal): Promise<boolean> {
  const source = await openFile(from)
  if (source === null) return false
  try {
    await pipeline(
      source.createReadStream({ autoClose: false }),
      createWriteStream(into, { flags: 'wx', mode: 0o600 }),
      { signal },
    )
    return true
  } finally {
    await source.close()
  }
}

async function openFile(path: string): Promise<FileHandle | null> {
  try {
    // O_NONBLOCK: should it be a pipe after all, opening it does not wait for a writer.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return null
    throw error
  }
}

function shown(name: string): string {
  const text = JSON.stringify(readableText(Buffer.from(name)))
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`
}
