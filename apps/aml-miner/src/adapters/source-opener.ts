import { join } from 'node:path'

import { InputError } from '@subnetkit/core'

import type { SourceOpener } from '../ports/source-opener.ts'
import { folderSnapshotSource } from './folder-snapshot-source.ts'
import { openLocalFile } from './local-file.ts'
import { type S3Options, s3SnapshotSource } from './s3-snapshot-source.ts'

/** Opens folders and files of this machine, and `s3://` URLs through a cache in the data folder. */
export function createSourceOpener(dataDir: string, s3: S3Options): SourceOpener {
  const cache = join(dataDir, 'downloads')
  return {
    openSnapshot: (source) =>
      isS3(source) ? s3SnapshotSource(source, cache, s3) : folderSnapshotSource(source),
    openFile: async (source, signal) => {
      if (!isS3(source)) return openLocalFile(source)
      await using remote = s3SnapshotSource(source, cache, s3)
      const [file] = await remote.listFiles(signal)
      if (file !== undefined) return file
      throw new InputError({ field: source, problem: 'is not there', hint: 'check the URL' })
    },
  }
}

function isS3(source: string): boolean {
  return source.startsWith('s3://')
}
