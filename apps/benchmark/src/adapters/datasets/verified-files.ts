import { stat } from 'node:fs/promises'
import { join } from 'node:path'

/** After this long, files that look untouched are hashed again: a disk may lie, and a clock may be turned. */
const TRUSTED_MS = 15 * 60_000

interface Verified {
  readonly marks: string
  readonly atMs: number
}

/**
 * Remembers, for this process, which files had the right checksums and how they looked then, so that a hundred runs of
 * one dataset do not hash a gigabyte each.
 */
export class VerifiedFiles {
  readonly #verified = new Map<string, Verified>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether files are as they were when they were verified, not long ago. */
  async areVerified(name: string, paths: readonly string[]): Promise<boolean> {
    const known = this.#verified.get(name)
    if (known === undefined || Math.abs(this.#now() - known.atMs) > TRUSTED_MS) return false
    return known.marks === (await marksOf(paths))
  }

  /** Notes that files were found right, as they look now. */
  async note(name: string, paths: readonly string[]): Promise<void> {
    const marks = await marksOf(paths)
    if (marks === null) this.#verified.delete(name)
    else this.#verified.set(name, { marks, atMs: this.#now() })
  }

  forget(name: string): void {
    this.#verified.delete(name)
  }
}

/** Inode, size and times of each file, to the nanosecond; null when one is missing. */
async function marksOf(paths: readonly string[]): Promise<string | null> {
  const marks: string[] = []
  for (const path of paths) {
    const found = await stat(path, { bigint: true }).catch(() => null)
    if (found === null) return null
    marks.push([found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' '))
  }
  return marks.join('\n')
}

/** Paths of the files that a META.json names, and of META.json itself. */
export function filesOfMeta(folder: string, sha256: Readonly<Record<string, string>>): string[] {
  return ['META.json', ...Object.keys(sha256)].map((name) => join(folder, name))
}
