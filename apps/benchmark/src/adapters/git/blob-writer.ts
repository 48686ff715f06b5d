import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { StorageError } from '@subnetkit/core'

import type { TreeEntry } from './tree-entries.ts'

/**
 * Writes files from the output of `git cat-file --batch`, which gives the stored bytes: no attribute, filter or line
 * ending changes what is scanned. Files are made anew (`wx`), in folders that this class made.
 */
export class BlobWriter {
  readonly #entries: readonly TreeEntry[]
  readonly #folder: string
  #next = 0
  #chunks: Buffer[] = []
  #bytes = 0
  readonly #folders = new Set<string>()

  constructor(folder: string, entries: readonly TreeEntry[]) {
    this.#folder = folder
    this.#entries = entries
  }

  /** @throws StorageError `corrupt_row` when git answers something else than what the tree promised. */
  async push(chunk: Buffer): Promise<void> {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    for (let entry = this.#entries[this.#next]; entry !== undefined; entry = this.#entries[this.#next]) {
      const head = `${entry.object} blob ${entry.bytes}\n`
      // Chunks are joined once per file, so that a large one is not copied again with each of them.
      const whole = head.length + entry.bytes + 1
      if (this.#bytes < whole) return
      const joined = Buffer.concat(this.#chunks)
      if (joined.toString('latin1', 0, head.length) !== head) {
        throw this.#broken(`answered something else for ${entry.path}`)
      }
      await this.#write(entry, joined.subarray(head.length, whole - 1))
      this.#chunks = [joined.subarray(whole)]
      this.#bytes -= whole
      this.#next++
    }
    if (this.#bytes > 0) throw this.#broken('gave more than was asked')
  }

  /** @throws StorageError `corrupt_row` when files are missing. */
  finish(): void {
    if (this.#next < this.#entries.length) throw this.#broken('ended before the last file')
  }

  async #write(entry: TreeEntry, bytes: Buffer): Promise<void> {
    const path = join(this.#folder, entry.path)
    const parent = dirname(path)
    if (!this.#folders.has(parent)) {
      await mkdir(parent, { recursive: true })
      this.#folders.add(parent)
    }
    const file = await open(path, 'wx', entry.isExecutable ? 0o755 : 0o644)
    try {
      await file.writeFile(bytes)
    } finally {
      await file.close()
    }
  }

  #broken(what: string): StorageError {
    return new StorageError({ code: 'corrupt_row', message: `git ${what}`, retryable: true })
  }
}
