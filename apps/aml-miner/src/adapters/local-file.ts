import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'

import { InputError } from '@subnetkit/core'

import type { SourceFile } from '../ports/snapshot-source.ts'

const CHUNK_BYTES = 256 * 1024

/**
 * A file of this machine as a source.
 *
 * @throws InputError when there is no such file, it cannot be read, or it is empty.
 */
export async function openLocalFile(path: string): Promise<SourceFile> {
  const { size } = await statFile(path)
  if (size === 0) {
    throw new InputError({ field: path, problem: 'is empty', hint: 'fetch or write it again' })
  }
  return {
    name: basename(path),
    sizeBytes: size,
    open: (signal) =>
      createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal === undefined ? {} : { signal }) }),
    read: (start, end) => readRange(path, start, end),
  }
}

async function statFile(path: string): Promise<{ size: number }> {
  try {
    const stats = await stat(path)
    if (stats.isFile()) return stats
  } catch (error) {
    throw new InputError({
      field: path,
      problem: 'cannot be read',
      hint: 'check that it exists and that you may read it',
      cause: error,
    })
  }
  throw new InputError({ field: path, problem: 'is not a file', hint: 'name the file itself' })
}

async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  await using file = await open(path, 'r')
  const bytes = new Uint8Array(end - start)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled)
    if (bytesRead === 0) return bytes.subarray(0, filled)
    filled += bytesRead
  }
  return bytes
}
