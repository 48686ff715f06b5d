import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { InputError } from '@subnetkit/core'
import type { z } from 'zod'

import type { SnapshotMeta, TruthMeta } from './dataset-meta.ts'
import { snapshotMetaSchema, truthMetaSchema } from './dataset-meta.ts'

/** The SHA-256 of a file, in lower-case hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function readMeta<Meta>(path: string, schema: z.ZodType<Meta>): Promise<Meta | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    // A path below a file cannot hold anything either; writing there will say so.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null
    throw error
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new InputError({
      field: path,
      problem: 'is not the META.json of a dataset that this version wrote',
      hint: 'look at it, or write again with --force',
      cause,
    })
  }
}

/** The snapshot's META.json in a folder, or null when there is none. */
export function readSnapshotMeta(folder: string): Promise<SnapshotMeta | null> {
  return readMeta(join(folder, 'META.json'), snapshotMetaSchema)
}

/** The truth's META.json in a folder, or null when there is none. */
export function readTruthMeta(folder: string): Promise<TruthMeta | null> {
  return readMeta(join(folder, 'META.json'), truthMetaSchema)
}

/** The first file whose bytes are not those that META.json names, or null when all are; a missing file counts. */
export async function findDamagedFile(
  folder: string,
  meta: Pick<SnapshotMeta, 'sha256'>,
): Promise<string | null> {
  for (const [name, sha256] of Object.entries(meta.sha256)) {
    const path = join(folder, name)
    const actual = await hashFile(path).catch(() => null)
    if (actual !== sha256) return path
  }
  return null
}
