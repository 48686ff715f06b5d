import ts from 'typescript'

import { eachNode, findingAt } from './source-file.mjs'

const apps = ['@subnetkit/aml-miner', '@subnetkit/validator', '@subnetkit/benchmark']
const clickhouseDrivers = ['@clickhouse/client', 'chdb', 'ffi-rs']
const dynamoDrivers = ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', 'dynalite']
const adapters = ['@subnetkit/storage-clickhouse', '@subnetkit/storage-dynamo']

/**
 * Who must not import what: the first room that a path fits decides.
 * @type {readonly { room: RegExp, forbidden: readonly string[], why: string }[]}
 */
const rooms = [
  {
    room: /^packages\/core\//,
    forbidden: [...adapters, ...apps, ...clickhouseDrivers, ...dynamoDrivers],
    why: 'core knows no driver, no adapter and no app',
  },
  {
    room: /^packages\/storage-clickhouse\//,
    forbidden: ['@subnetkit/storage-dynamo', ...apps, ...dynamoDrivers],
    why: 'adapters know core and their own driver',
  },
  {
    room: /^packages\/storage-dynamo\//,
    forbidden: ['@subnetkit/storage-clickhouse', ...apps, ...clickhouseDrivers],
    why: 'adapters know core and their own driver',
  },
  {
    room: /^apps\/[^/]+\/(src\/compose\.ts$|test\/|bench\/)/,
    forbidden: apps,
    why: 'apps never import each other',
  },
  {
    room: /^apps\//,
    forbidden: [...adapters, ...apps, ...clickhouseDrivers, ...dynamoDrivers],
    why: "only src/compose.ts of an app imports adapters, and nothing imports another app's code",
  },
]

/**
 * Arrows between packages, for each way to import: static, type, re-export, dynamic, `require`, `import.meta.resolve`.
 * @type {import('./source-file.mjs').Rule}
 */
export function arrowRule(file) {
  const room = rooms.find((candidate) => candidate.room.test(file.path))
  return importsOf(file).flatMap((literal) => {
    const name = literal.text
    if (name.startsWith('.')) return relativeFindings(file, literal)
    if (room === undefined || !room.forbidden.some((taboo) => name === taboo || name.startsWith(`${taboo}/`)))
      return []
    return [findingAt(file, literal, `imports ${name}: ${room.why}`)]
  })
}

/**
 * @param {import('./source-file.mjs').SourceFile} file
 * @param {ts.StringLiteralLike} literal
 */
function relativeFindings(file, literal) {
  const member = /^(packages|apps)\/[^/]+\//.exec(file.path)?.[0]
  const target = new URL(literal.text, `file:///${file.path}`).pathname.slice(1)
  const isBase = /^[a-z]+\.base\.ts$/.test(target)
  const isTestSupport = file.path.includes('/test/') && target.startsWith('packages/core/test/')
  if (member !== undefined && !target.startsWith(member) && !isBase && !isTestSupport) {
    return [
      findingAt(file, literal, `reaches out of its package to ${target}: import the package by its name`),
    ]
  }
  if (/\.(ts|mts|mjs|json)$/.test(literal.text)) return []
  return [findingAt(file, literal, `imports ${literal.text}: relative imports end in .ts`)]
}

/**
 * @param {import('./source-file.mjs').SourceFile} file
 * @returns {ts.StringLiteralLike[]}
 */
function importsOf(file) {
  /** @type {ts.StringLiteralLike[]} */
  const found = []
  for (const node of eachNode(file.tree)) {
    /** @type {ts.Node | undefined} */
    let specifier
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      specifier = node.argument.literal
    else if (ts.isCallExpression(node) && isImportCall(node.expression)) specifier = node.arguments[0]
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push(specifier)
  }
  return found
}

/** @param {ts.Expression} callee */
function isImportCall(callee) {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
}
