import { open } from 'node:fs/promises'

import { InputError } from '@subnetkit/core'

/** A file that a person names, and what to tell when it cannot be taken. */
export interface BoundedFile {
  readonly path: string
  readonly maxBytes: number
  /** The way out when it cannot be read. */
  readonly readHint: string
  /** The way out when it is too large. */
  readonly sizeHint: string
}

/**
 * The bytes of a file, of which no more than `maxBytes` are ever held.
 *
 * @throws InputError naming the file when it cannot be read or is larger.
 */
export async function readBoundedFile(file: BoundedFile): Promise<Uint8Array> {
  const { path, maxBytes, readHint, sizeHint } = file
  const buffer = Buffer.alloc(maxBytes + 1)
  let size = 0
  try {
    await using opened = await open(path, 'r')
    let last = -1
    // A read may give less than there is; only nothing is the end.
    while (last !== 0 && size < buffer.length) {
      last = (await opened.read(buffer, size, buffer.length - size)).bytesRead
      size += last
    }
  } catch (cause) {
    const problem = `cannot be read (${codeOf(cause)})`
    throw new InputError({ field: path, problem, hint: readHint, cause })
  }
  if (size <= maxBytes) return buffer.subarray(0, size)
  throw new InputError({ field: path, problem: `is larger than ${maxBytes} bytes`, hint: sizeHint })
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown failure'
}
