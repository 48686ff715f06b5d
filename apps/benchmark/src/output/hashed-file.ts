import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** A new file that is hashed while it is written, and is on disk once finished. */
export class HashedFile {
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  #bytes = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Creates the file; fails if there is one. */
  static async create(path: string): Promise<HashedFile> {
    return new HashedFile(await open(path, 'wx'))
  }

  /** Appends all of the bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes)
    this.#bytes += bytes.byteLength
    for (let offset = 0; offset < bytes.byteLength;) {
      const { bytesWritten } = await this.#file.write(bytes, offset)
      offset += bytesWritten
    }
  }

  /** Flushes to disk, closes, and says what was written. */
  async finish(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await this.#file.sync()
    await this.#file.close()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  /** Closes without flushing. */
  async abandon(): Promise<void> {
    await this.#file.close()
  }
}
