import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { InputError } from '@subnetkit/core'

import type { DumpFile } from './find-dump-files.ts'

const CHUNK_BYTES = 1024 * 1024

/** How much of a file as it lies there was read: for progress. */
export type OnBytesRead = (bytes: number) => void

/**
 * The content of a file from a byte of it on, unpacked where it is packed: then everything before is unpacked too.
 *
 * @throws InputError for a file that cannot be read or unpacked.
 */
export async function* openDumpContent(
  file: Pick<DumpFile, 'path' | 'isGzip'>,
  from: number,
  onBytesRead: OnBytesRead = () => undefined,
): AsyncGenerator<Buffer, void, void> {
  const raw = createReadStream(file.path, { highWaterMark: CHUNK_BYTES, start: file.isGzip ? 0 : from })
  const content = file.isGzip ? pipeline(raw, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : raw
  let skip = file.isGzip ? from : 0
  try {
    for await (const read of content) {
      const chunk: unknown = read
      if (!Buffer.isBuffer(chunk)) continue
      onBytesRead(raw.bytesRead + (file.isGzip ? 0 : from))
      if (skip >= chunk.length) skip -= chunk.length
      else {
        yield chunk.subarray(skip)
        skip = 0
      }
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new InputError({
      field: file.path,
      problem: `cannot be read to its end (${why})`,
      hint: 'copy it here again',
      cause,
    })
  }
}
