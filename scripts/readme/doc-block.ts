import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One fenced block of a document. CONTRIBUTING.md, "Examples in documents", says what each kind promises. */
export interface DocBlock {
  /** The document, from the repository's root. */
  readonly document: string
  /** The line of the opening fence, counted from 1. */
  readonly line: number
  /** The first word after the fence: `ts`, `sh`, … */
  readonly language: string
  /** The other words: `run`, `fragment`, `file=src/main.ts`. */
  readonly marks: readonly string[]
  readonly text: string
}

const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', 'fixtures', 'CHANGELOG.md', '.changeset'])

/** Every block of every Markdown document under the repository's root. */
export function readDocBlocks(root: string): readonly DocBlock[] {
  return documentsUnder(root, '').flatMap((document) =>
    parseDocBlocks(document, readFileSync(join(root, document), 'utf8')),
  )
}

/** The fenced blocks of one document; a fence that never closes runs to the end. */
export function parseDocBlocks(document: string, text: string): readonly DocBlock[] {
  const blocks: DocBlock[] = []
  let open: { fence: string; line: number; info: string; lines: string[] } | null = null
  const close = (): void => {
    if (open === null) return
    const [language = '', ...marks] = open.info.split(/\s+/)
    blocks.push({ document, line: open.line, language, marks, text: `${open.lines.join('\n')}\n` })
    open = null
  }
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*(`{3,})\s*(.*?)\s*$/.exec(line)
    if (open === null) {
      if (fence !== null) open = { fence: fence[1] ?? '', line: index + 1, info: fence[2] ?? '', lines: [] }
    } else if (fence !== null && fence[2] === '' && (fence[1] ?? '').length >= open.fence.length) {
      close()
    } else {
      open.lines.push(line)
    }
  }
  close()
  return blocks
}

function documentsUnder(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return documentsUnder(root, path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}
