import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Texts of one publisher: paragraphs of READMEs, and stretches of code. None occurs twice. */
export interface Publisher {
  readonly name: string
  readonly prose: readonly string[]
  readonly code: readonly string[]
}

const MAX_FILES_PER_PACKAGE = 12
const MAX_FILE_BYTES = 120_000
const MAX_PASSAGES = 400
const MAX_LINE = 200

/**
 * Reads the packages that pnpm keeps under `node_modules/.pnpm`. All packages of one scope (or of one first word of a
 * name) are one publisher, so that halves split by publisher share no text. `maxPackages` keeps a test short.
 */
export function readPublishers(
  nodeModules: string,
  maxPackages: number = Number.POSITIVE_INFINITY,
): readonly Publisher[] {
  const folders = new Map<string, string>()
  for (const entry of listed(join(nodeModules, '.pnpm'))) {
    for (const [name, folder] of packagesIn(join(nodeModules, '.pnpm', entry, 'node_modules'))) {
      if (!folders.has(name)) folders.set(name, folder)
    }
  }
  const publishers = new Map<string, { prose: Set<string>; code: Set<string> }>()
  for (const [name, folder] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-maxPackages)) {
    const publisher = /^@[^/]+/.exec(name)?.[0] ?? /^[^.-]+/.exec(name)?.[0] ?? name
    const found = publishers.get(publisher) ?? { prose: new Set(), code: new Set() }
    publishers.set(publisher, found)
    readPackage(folder, found)
  }
  return [...publishers].map(([name, { prose, code }]) => ({ name, prose: [...prose], code: [...code] }))
}

function packagesIn(folder: string): readonly (readonly [string, string])[] {
  return listed(folder).flatMap((name): readonly (readonly [string, string])[] => {
    const path = join(folder, name)
    if (name.startsWith('@')) return listed(path).map((part) => [`${name}/${part}`, join(path, part)])
    return name.startsWith('.') ? [] : [[name, path]]
  })
}

function readPackage(folder: string, found: { prose: Set<string>; code: Set<string> }): void {
  for (const file of listed(folder).filter((name) => /^readme\.md$/i.test(name))) {
    const text = readText(join(folder, file))
    for (const [, block] of text.matchAll(/```[a-z]*\n([\s\S]*?)```/g)) add(found.code, block ?? '')
    for (const paragraph of text.replaceAll(/```[\s\S]*?```/g, '').split(/\n\s*\n/)) {
      if (!/^[\s[!<|#]/.test(paragraph) && /[a-z]+ [a-z]+ [a-z]+ [a-z]+/.test(paragraph))
        add(found.prose, paragraph)
    }
  }
  const sources = [folder, ...['lib', 'src', 'dist'].map((name) => join(folder, name))]
    .flatMap((directory) => listed(directory).map((name) => join(directory, name)))
    .filter((path) => /\.(?:c|m)?[jt]s$/.test(path) && !/\.min\./.test(path))
  for (const path of sources.slice(0, MAX_FILES_PER_PACKAGE)) {
    const lines = readText(path).split('\n')
    if (lines.some((line) => line.length > MAX_LINE)) continue
    for (let from = 0; from < lines.length; from += 30)
      add(found.code, lines.slice(from, from + 30).join('\n'))
  }
}

function add(passages: Set<string>, text: string): void {
  const trimmed = text.trim()
  if (trimmed.length >= 80 && trimmed.length <= 4_000 && passages.size < MAX_PASSAGES) passages.add(trimmed)
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(realpathSync(folder)).sort()
  } catch {
    return []
  }
}

function readText(path: string): string {
  const stat = statSync(path)
  return stat.isFile() && stat.size <= MAX_FILE_BYTES ? readFileSync(path, 'utf8') : ''
}
