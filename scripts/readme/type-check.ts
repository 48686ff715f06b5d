import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import ts from 'typescript'

import { entriesOf, publishedPackages, readManifest } from '../release/packages.ts'

/** A module that exists only in a document. */
export interface Snippet {
  /** A path that does not exist; imports resolve as from its folder. */
  readonly path: string
  readonly text: string
}

/**
 * Type-checks modules against the packages' source, with the compiler options that the packages themselves are held to
 * (unused names are allowed: examples declare what they show).
 * @returns messages such as `README.md:12.ts(3): Cannot find name 'x'.`, none when all is well
 */
export function typeCheck(root: string, snippets: readonly Snippet[]): readonly string[] {
  const texts = new Map(snippets.map(({ path, text }) => [path, `${text}\nexport {}\n`]))
  const options: ts.CompilerOptions = {
    ...readBaseOptions(root),
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: sourcePaths(root),
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => texts.has(path) || fileExists(path)
  host.readFile = (path) => texts.get(path) ?? readFile(path)
  host.getSourceFile = (path, target, ...rest) => {
    const text = texts.get(path)
    return text === undefined ? getSourceFile(path, target, ...rest) : ts.createSourceFile(path, text, target)
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  return [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)
    return ts.getPreEmitDiagnostics(program, file).map((diagnostic) => {
      const { line } = file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0) ?? { line: 0 }
      return `${path}(${line + 1}): ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}`
    })
  })
}

function readBaseOptions(root: string): ts.CompilerOptions {
  const file = join(root, 'tsconfig.base.json')
  return ts.parseJsonConfigFileContent(ts.readConfigFile(file, ts.sys.readFile).config, ts.sys, root).options
}

/** Where each entry of our packages stands in source, so that a document anywhere may import them all. */
function sourcePaths(root: string): Record<string, string[]> {
  return Object.fromEntries(
    publishedPackages.flatMap((name) => {
      const folder = join(root, 'packages', name)
      const manifest = readManifest(folder)
      return entriesOf(manifest).map((entry) => {
        const target = manifest.exports[`.${entry.slice(manifest.name.length)}`]
        return [entry, [join(folder, sourceOf(target))]] as const
      })
    }),
  )
}

function sourceOf(target: unknown): string {
  if (typeof target === 'string') return target
  const conditions = new Map(typeof target === 'object' && target !== null ? Object.entries(target) : [])
  const source: unknown = conditions.get('@subnetkit/source') ?? conditions.get('types')
  if (typeof source !== 'string') throw new Error(`an export without a source: ${JSON.stringify(target)}`)
  return source
}

/** The folder from which a document's examples import: its own package, or an app that knows everything. */
export function importFolder(root: string, document: string): string {
  const member = /^(packages|apps)\/[^/]+/.exec(document)?.[0]
  if (member !== undefined && existsSync(join(root, member, 'package.json'))) return join(root, member)
  const app = readdirSync(join(root, 'apps')).find((name) =>
    readFileSync(join(root, 'apps', name, 'package.json'), 'utf8').includes('storage-clickhouse'),
  )
  return app === undefined ? dirname(join(root, document)) : join(root, 'apps', app)
}
