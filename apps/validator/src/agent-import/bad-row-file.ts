import { open, type FileHandle } from 'node:fs/promises'

import { InputError } from '@subnetkit/core'

import type { BadRow } from './row-problem.ts'

/** Bad rows that are told besides being listed. */
const TOLD = 10

/** The list of bad rows, one JSON object a line. */
export class BadRowFile implements AsyncDisposable {
  readonly path: string
  readonly #file: FileHandle
  #bytes: number
  readonly #first: BadRow[] = []

  private constructor(path: string, file: FileHandle, bytes: number) {
    this.path = path
    this.#file = file
    this.#bytes = bytes
  }

  /**
   * Opens the list and forgets what was written after `bytes`: rows that are judged again are listed again.
   *
   * @throws InputError for a file that cannot be written.
   */
  static async open(path: string, bytes: number): Promise<BadRowFile> {
    try {
      const file = await open(path, bytes === 0 ? 'w' : 'r+', 0o600)
      await file.truncate(bytes)
      return new BadRowFile(path, file, bytes)
    } catch (cause) {
      throw new InputError({
        field: '--bad-rows',
        value: path,
        problem: 'cannot be written',
        hint: 'give a file in a folder that you can write to',
        cause,
      })
    }
  }

  /** How much of it there is. */
  get bytes(): number {
    return this.#bytes
  }

  /** The first of those that were added here. */
  get first(): readonly BadRow[] {
    return this.#first
  }

  async add(rows: readonly BadRow[]): Promise<void> {
    if (rows.length === 0) return
    this.#first.push(...rows.slice(0, TOLD - this.#first.length))
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    const { bytesWritten } = await this.#file.write(text, this.#bytes)
    this.#bytes += bytesWritten
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }
}
