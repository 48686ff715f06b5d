import ts from 'typescript'

import { eachNode, findingAt, isShipped } from './source-file.mjs'

/** Entry points and what starts processes: they bring the clock and the ids in. */
const mayReadTheClock =
  /^(apps\/[^/]+\/src\/(main|config|compose)\.ts|packages\/[^/]+\/src\/(embedded|local-service)\/)/

/**
 * What the linter cannot say: no `new Date()` of the present moment, no double assertion, no bare `Error` out of an
 * adapter, no mocks of an engine.
 * @type {import('./source-file.mjs').Rule}
 */
export function purityRule(file) {
  /** @type {import('./source-file.mjs').Finding[]} */
  const findings = []
  const isAdapter = file.path.startsWith('packages/storage-')
  const isServerScript = file.path.endsWith('.mjs') // a process of its own: its failures are lines in a log
  for (const node of eachNode(file.tree)) {
    if (isShipped(file.path) && !mayReadTheClock.test(file.path) && isPresentMoment(node)) {
      findings.push(findingAt(file, node, 'new Date() reads the clock: take `now` or a clock as a parameter'))
    }
    if (isDoubleAssertion(node)) {
      findings.push(findingAt(file, node, 'asserts twice: parse the value, or narrow it with a guard'))
    }
    if (isAdapter && !isServerScript && isShipped(file.path) && isBareThrow(node)) {
      findings.push(
        findingAt(file, node, 'throws a bare Error: an adapter throws StorageError or InputError'),
      )
    }
    if (isAdapter && isMock(node)) {
      findings.push(findingAt(file, node, 'mocks: adapters are tested on real engines'))
    }
  }
  return findings
}

/** @param {ts.Node} node */
function isPresentMoment(node) {
  const isDate = (/** @type {ts.Node} */ callee) => ts.isIdentifier(callee) && callee.text === 'Date'
  if (ts.isNewExpression(node)) return isDate(node.expression) && (node.arguments?.length ?? 0) === 0
  return ts.isCallExpression(node) && isDate(node.expression)
}

/** @param {ts.Node} node */
function isDoubleAssertion(node) {
  if (!ts.isAsExpression(node)) return false
  const inner = ts.isParenthesizedExpression(node.expression) ? node.expression.expression : node.expression
  return ts.isAsExpression(inner)
}

/** @param {ts.Node} node */
function isBareThrow(node) {
  if (!ts.isThrowStatement(node) || !ts.isNewExpression(node.expression)) return false
  const thrown = node.expression.expression
  return ts.isIdentifier(thrown) && ['Error', 'TypeError', 'RangeError'].includes(thrown.text)
}

/** @param {ts.Node} node */
function isMock(node) {
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'vi' &&
    ['mock', 'doMock', 'spyOn'].includes(node.name.text)
  )
}
