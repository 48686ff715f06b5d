import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { z } from 'zod'

/** Writes a small file whole or not at all: a process that is killed leaves at most a `.part` beside it. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.part`
  await writeFile(part, `${JSON.stringify(value)}\n`, { mode: 0o600 })
  await rename(part, path)
}

/**
 * Reads what {@link writeJsonFile} wrote. Null when it is not there, or when it was written by another version of this
 * program: what it says is then found out again.
 */
export async function readJsonFile<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
