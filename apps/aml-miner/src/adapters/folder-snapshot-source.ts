import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { InputError } from '@subnetkit/core'

import type { SnapshotSource, SourceFile } from '../ports/snapshot-source.ts'
import { openLocalFile } from './local-file.ts'

/** The files of a folder of this machine. Sub-folders and hidden files are not part of it. */
export function folderSnapshotSource(folder: string, description: string = folder): SnapshotSource {
  return {
    description,
    listFiles: async () => {
      const files: SourceFile[] = []
      for (const name of await fileNames(folder)) files.push(await openLocalFile(join(folder, name)))
      return files
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function fileNames(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .toSorted()
  } catch (error) {
    throw new InputError({
      field: '--snapshot',
      value: folder,
      problem: 'is not a folder that can be read',
      hint: 'give the folder that holds META.json, or an s3:// URL',
      cause: error,
    })
  }
}
