import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { sha256Schema, StorageError } from '@subnetkit/core'

import type { AgentCodeStore } from '../ports/agent-code-store.ts'

/**
 * Agents' files in a folder, at `<first two digits>/<sha256>`. A file gets its name only when it is whole and on disk, and
 * a name is nothing but a hash, so that no upload can name a path.
 */
export class FolderAgentCodeStore implements AgentCodeStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async put(params: Readonly<{ sha256: string; content: Uint8Array }>): Promise<void> {
    const { sha256, content } = params
    if (hashOf(content) !== sha256) throw otherHash('invalid_input', sha256)
    const path = this.#pathOf(sha256)
    if (await isWhole(path, sha256)) return
    const folder = dirname(path)
    await mkdir(folder, { recursive: true })
    const written = join(folder, `${sha256}.${randomUUID()}.tmp`)
    try {
      await using file = await open(written, 'wx')
      await file.writeFile(content)
      await file.sync()
      await rename(written, path)
    } catch (error) {
      await rm(written, { force: true })
      throw error
    }
    for (const parent of [folder, this.#folder]) {
      await using directory = await open(parent, 'r')
      await directory.sync()
    }
  }

  async find(params: Readonly<{ sha256: string }>): Promise<Uint8Array | null> {
    const { sha256 } = params
    const content = await readIfThere(this.#pathOf(sha256))
    if (content === null || hashOf(content) === sha256) return content
    throw otherHash('corrupt_row', sha256)
  }

  #pathOf(sha256: string): string {
    if (!sha256Schema.safeParse(sha256).success) {
      throw new StorageError({
        code: 'invalid_input',
        message: 'the hash of a file is 64 lower-case hex digits',
      })
    }
    return join(this.#folder, sha256.slice(0, 2), sha256)
  }
}

async function isWhole(path: string, sha256: string): Promise<boolean> {
  const content = await readIfThere(path)
  return content !== null && hashOf(content) === sha256
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function otherHash(code: 'invalid_input' | 'corrupt_row', sha256: string): StorageError {
  return new StorageError({
    code,
    message: `a file of agents is not of its hash ${sha256}`,
    details: { sha256 },
  })
}
