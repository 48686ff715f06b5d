// Lets a child process of a test run the packages' source, as vitest does: Node 20 cannot read TypeScript itself.
// Used as `node --conditions=@subnetkit/source --import …/typescript-hooks.mjs program.ts`.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

const cache = fileURLToPath(new URL('../node_modules/.cache/typescript-hooks/', import.meta.url))

// The hooks run on a thread of their own, which loads this file again.
if (isMainThread) register(import.meta.url)

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const source = await toJavaScript(await readFile(new URL(url), 'utf8'))
  return { format: 'module', shortCircuit: true, source }
}

/**
 * Kept by content, since the compiler takes a second to load and tests start many processes at once.
 * @param {string} text
 */
async function toJavaScript(text) {
  const path = `${cache}${createHash('sha256').update(text).digest('hex')}.js`
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept !== '') return kept
  const { default: ts } = await import('typescript')
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    },
  })
  const draft = `${path}.${randomUUID()}`
  await mkdir(cache, { recursive: true })
  await writeFile(draft, `${outputText}\n`)
  await rename(draft, path)
  return outputText
}
