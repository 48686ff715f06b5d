import { pathProblem, shownPath } from '../../scanner/path-problem.ts'
import type { CloneLimits } from '../../ports/repository-source.ts'

/** One file of a commit. */
export interface TreeEntry {
  readonly path: string
  readonly object: string
  readonly bytes: number
  readonly isExecutable: boolean
}

/** Why a tree is not taken, in words for the miner. Thrown to stop reading, and caught where the clone is. */
export class RefusedTree extends Error {
  override readonly name = 'RefusedTree'
}

const ENTRY = /^(\d{6}) (blob|commit|tree) ([0-9a-f]{40,64}) +(\d+|-)\t([^]*)$/

/**
 * Reads `git ls-tree -r -l -z` as it comes and stops at the first thing that a submission may not hold, so that a tree
 * which names itself a billion times costs no more than the limit.
 */
export class TreeReader {
  readonly entries: TreeEntry[] = []
  bytes = 0
  #rest: Buffer = Buffer.alloc(0)
  readonly #lowerPaths = new Map<string, string>()
  readonly #limits: CloneLimits

  constructor(limits: CloneLimits) {
    this.#limits = limits
  }

  /** @throws RefusedTree */
  push(chunk: Buffer): void {
    let rest: Buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      this.#add(rest.subarray(0, end))
      rest = rest.subarray(end + 1)
    }
    if (rest.length > 64 * 1024) throw new RefusedTree('a path in it is longer than 64 KiB')
    this.#rest = rest
  }

  #add(line: Buffer): void {
    // Bytes that are no UTF-8 become U+FFFD, which no accepted path holds.
    const [, mode, kind, object = '', size = '', path = ''] = ENTRY.exec(line.toString('utf8')) ?? []
    const shown = shownPath(path)
    if (mode === '120000') throw new RefusedTree(`${shown} is a symbolic link`)
    if (kind === 'commit') throw new RefusedTree(`${shown} is a submodule`)
    if (kind !== 'blob' || (mode !== '100644' && mode !== '100755' && mode !== '100664')) {
      throw new RefusedTree(`${shown} is no regular file`)
    }
    const problem = pathProblem(path)
    if (problem !== null) throw new RefusedTree(`${shown}: ${problem}`)
    this.#addPath(path)
    const bytes = Number(size)
    const { fileBytes, totalBytes, files } = this.#limits
    if (bytes > fileBytes) throw new RefusedTree(`${shown} has ${bytes} bytes; a file may have ${fileBytes}`)
    this.bytes += bytes
    if (this.bytes > totalBytes)
      throw new RefusedTree(`its files have more than ${totalBytes} bytes together`)
    this.entries.push({ path, object, bytes, isExecutable: mode === '100755' })
    if (this.entries.length > files) throw new RefusedTree(`it has more than ${files} files`)
  }

  /** No two paths, nor any two folders on their way, may differ in case alone. */
  #addPath(path: string): void {
    const names = path.split('/')
    for (let depth = 1; depth <= names.length; depth++) {
      const part = names.slice(0, depth).join('/')
      const other = this.#lowerPaths.get(part.toLowerCase())
      const isFile = depth === names.length
      if (other !== undefined && (other !== part || isFile)) {
        throw new RefusedTree(
          `${shownPath(part)} and ${shownPath(other)} are one file where case does not count`,
        )
      }
      this.#lowerPaths.set(part.toLowerCase(), part)
    }
  }
}
