import ts from 'typescript'

import { findingAt, isShipped } from './source-file.mjs'

/**
 * Each export of shipped code carries a doc comment. Re-exports do not: the comment stands where the thing is made.
 * @type {import('./source-file.mjs').Rule}
 */
export function docRule(file) {
  if (!isShipped(file.path)) return []
  return file.tree.statements.flatMap((statement) => {
    if (!isExported(statement) || ts.getJSDocCommentsAndTags(statement).length > 0) return []
    if (isOverload(statement)) return []
    return [
      findingAt(
        file,
        statement,
        `${nameOf(statement)} is exported without a doc comment: say why, units, limits, failures`,
      ),
    ]
  })
}

/** @param {ts.Statement} statement */
function isExported(statement) {
  const isDeclaration =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isVariableStatement(statement)
  if (!isDeclaration) return false
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
}

/**
 * The body of an overloaded function: its comment stands on the first signature.
 * @param {ts.Statement} statement
 */
function isOverload(statement) {
  if (!ts.isFunctionDeclaration(statement)) return false
  const siblings = ts.isSourceFile(statement.parent) ? statement.parent.statements : []
  const first = siblings.find(
    (other) => ts.isFunctionDeclaration(other) && other.name?.text === statement.name?.text,
  )
  return first !== undefined && first !== statement
}

/** @param {ts.Statement} statement */
function nameOf(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText()).join(', ')
  }
  const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
  return isNamed || isType ? (statement.name?.text ?? 'this') : 'this'
}
