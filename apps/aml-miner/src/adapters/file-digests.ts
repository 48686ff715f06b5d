import { createHash } from 'node:crypto'

import type { SourceFile } from '../ports/snapshot-source.ts'

/** Both digests in use, lower-case hex. */
export interface FileDigests {
  readonly sha256: string
  readonly md5: string
}

/** Reads a file once and gives its SHA-256 and, for old META files, its MD5 (a checksum against accidents only). */
export async function digestFile(file: SourceFile, signal?: AbortSignal): Promise<FileDigests> {
  const sha256 = createHash('sha256')
  const md5 = createHash('md5')
  for await (const chunk of file.open(signal)) {
    sha256.update(chunk)
    md5.update(chunk)
  }
  return { sha256: sha256.digest('hex'), md5: md5.digest('hex') }
}
