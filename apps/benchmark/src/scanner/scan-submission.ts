import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'

import type { CodeReviewer, ReviewedFile } from '../ports/code-reviewer.ts'
import { dockerfileHits } from './dockerfile-hits.ts'
import { judgeContent } from './file-content.ts'
import { judgeName } from './file-kind.ts'
import { shownPath } from './path-problem.ts'
import { isReviewed, reviewFiles } from './review-files.ts'
import type { ScanFinding } from './scan-finding.ts'
import { scanLimits } from './scan-limits.ts'
import { textHits } from './text-hits.ts'
import { type TreeFile, walkTree } from './walk-tree.ts'

/** Changes whenever a rule does: what another version accepted is judged again. */
export const SCANNER_VERSION = '1'

/** What is scanned, and for which sandbox. */
export interface ScanParams {
  /** Folder with exactly the files that get built. */
  readonly tree: string
  /** Images that a Dockerfile may build FROM. */
  readonly baseImages: readonly string[]
  /** Null: the rules alone decide. */
  readonly reviewer: CodeReviewer | null
  /** False where images are made without a container engine. */
  readonly isRunAllowed: boolean
  readonly signal: AbortSignal
}

/** What the scan found. Accepted is only what was read to its end without a finding. */
export interface ScanReport {
  readonly isAccepted: boolean
  /** At most {@link scanLimits.findings}; by path as the tree is walked. */
  readonly findings: readonly ScanFinding[]
  /** Regular files that were read, and their bytes. */
  readonly files: number
  readonly bytes: number
  /** Of names and bytes of all files that were read, whatever their commit or modes; of the whole tree when it is accepted. */
  readonly treeSha256: string
}

/**
 * Judges the tree that gets built, fail-closed: whatever is unknown, unreadable or too large is a finding. Only the
 * `Dockerfile` at the root is built, and that one is judged in every stage. A reviewer is asked when the rules found
 * nothing.
 *
 * @throws the signal's reason; a retryable StorageError when the reviewer fails.
 */
export async function scanSubmission(params: Readonly<ScanParams>): Promise<ScanReport> {
  const scan = new Scan(params)
  for await (const event of walkTree(params.tree, params.signal)) {
    if ('finding' in event) scan.add(event.finding)
    else scan.read(event.file)
    if (scan.isEnough) break
    await breathe()
  }
  if (!scan.isEnough) scan.finish()
  if (params.reviewer !== null && scan.findings.length === 0) {
    const { reviewer, signal } = params
    scan.findings.push(...(await reviewFiles({ files: scan.reviewed, reviewer, signal })))
  }
  const { findings, files, bytes } = scan
  return { isAccepted: findings.length === 0, findings, files, bytes, treeSha256: scan.digest() }
}

class Scan {
  readonly findings: ScanFinding[] = []
  readonly reviewed: ReviewedFile[] = []
  files = 0
  bytes = 0
  #hasDockerfile = false
  readonly #hash = createHash('sha256')
  readonly #params: Readonly<ScanParams>

  constructor(params: Readonly<ScanParams>) {
    this.#params = params
  }

  get isEnough(): boolean {
    return (
      this.findings.length >= scanLimits.findings ||
      this.files > scanLimits.files ||
      this.bytes > scanLimits.totalBytes
    )
  }

  add(finding: ScanFinding): void {
    if (this.findings.length < scanLimits.findings) this.findings.push(finding)
  }

  read({ path, bytes }: TreeFile): void {
    this.files++
    this.bytes += bytes.length
    // No name has a zero byte, so no other names and bytes give the same text.
    this.#hash.update(`${path}\0${bytes.length}\0`).update(bytes)
    if (this.files > scanLimits.files) {
      this.#tell('too-many-files', '.', `it has more than ${scanLimits.files} files`)
      return
    }
    if (this.bytes > scanLimits.totalBytes) {
      this.#tell('tree-too-large', '.', `its files have more than ${scanLimits.totalBytes} bytes together`)
      return
    }
    const name = judgeName(path)
    if (!name.isAccepted) this.#tell(name.rule, path, name.message)
    const content = judgeContent(bytes)
    if (!content.isText) {
      this.#tell(content.rule, path, content.message)
      return
    }
    if (!name.isAccepted) return
    const { text } = content
    for (const { rule, index, message } of textHits({ text, kind: name.kind, bytes: bytes.length })) {
      this.add({ rule, path: shownPath(path), line: index === null ? null : lineOf(text, index), message })
    }
    if (path === 'Dockerfile') this.#judgeDockerfile(text)
    if (this.#params.reviewer !== null && isReviewed(name.kind)) this.reviewed.push({ path, text })
  }

  /** Call it once, at the end. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  finish(): void {
    if (this.#hasDockerfile) return
    this.#tell(
      'dockerfile-missing',
      'Dockerfile',
      'there is no Dockerfile at the root, and no other one is built',
    )
  }

  #judgeDockerfile(text: string): void {
    this.#hasDockerfile = true
    for (const { rule, line, message } of dockerfileHits(text, this.#params)) {
      this.add({ rule, path: 'Dockerfile', line, message })
    }
  }

  #tell(rule: ScanFinding['rule'], path: string, message: string): void {
    this.add({ rule, path: shownPath(path), line: null, message })
  }
}

function lineOf(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++
  return line
}
