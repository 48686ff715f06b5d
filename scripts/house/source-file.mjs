import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

import ts from 'typescript'

/**
 * @typedef {object} SourceFile one hand-written file, as the house rules see it
 * @property {string} path from the repository's root, with `/`
 * @property {ts.SourceFile} tree
 */

/**
 * @typedef {object} Finding
 * @property {string} path
 * @property {number} line counted from 1
 * @property {string} message what is wrong, and the way out
 */

/** @typedef {(file: SourceFile) => readonly Finding[]} Rule */

const skippedFolders = new Set([
  'node_modules',
  'dist',
  'generated',
  '.turbo',
  '.reports',
  '.pack',
  '.subnetkit',
])

/**
 * All TypeScript and JavaScript files under some folders of the repository, sorted by path.
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {SourceFile[]}
 */
export function readSourceFiles(root, folders) {
  const files = folders.flatMap((folder) => walk(join(root, folder)))
  return files
    .filter((file) => /\.(ts|mts|mjs)$/.test(file) && !/\.d\.m?ts$/.test(file))
    .map((file) => parseSource(relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8')))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {SourceFile}
 */
export function parseSource(path, text) {
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
}

/**
 * A finding at a node's first character.
 * @param {SourceFile} file
 * @param {ts.Node} node
 * @param {string} message
 * @returns {Finding}
 */
export function findingAt(file, node, message) {
  const { line } = file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree))
  return { path: file.path, line: line + 1, message }
}

/**
 * Each node of a file, in order of the text. Without recursion: a generator in a generator pays for its depth at each node.
 * @param {ts.Node} top
 * @returns {Generator<ts.Node>}
 */
export function* eachNode(top) {
  const waiting = [top]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node
    /** @type {ts.Node[]} */
    const children = []
    ts.forEachChild(node, (child) => {
      children.push(child)
    })
    waiting.push(...children.reverse())
  }
}

/**
 * Tests, benches and configuration are held to fewer rules than what is shipped.
 * @param {string} path
 */
export function isShipped(path) {
  return (
    /^(packages|apps)\/[^/]+\/src\//.test(path) && !path.endsWith('.test.ts') && !path.includes('/testing/')
  )
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skippedFolders.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })
}
