import { quoteIdentifier } from '../quote-identifier.ts'
import { isSignificant, sqlTokens, type SqlToken } from './sql-tokens.ts'

const VERBS: ReadonlySet<string> = new Set([
  'CREATE',
  'ALTER',
  'DROP',
  'TRUNCATE',
  'OPTIMIZE',
  'RENAME',
  'EXCHANGE',
])
const BEFORE_NAME: ReadonlySet<string> = new Set([
  ...VERBS,
  'OR',
  'REPLACE',
  'TABLE',
  'TABLES',
  'VIEW',
  'MATERIALIZED',
  'LIVE',
  'WINDOW',
  'DATABASE',
  'DICTIONARY',
  'FUNCTION',
  'TEMPORARY',
  'IF',
  'NOT',
  'EXISTS',
])
const MERGE_TREE = /^(?:Replacing|Summing|Aggregating|Collapsing|VersionedCollapsing|Graphite)?MergeTree$/

/**
 * Rewrites one DDL statement for a cluster: `ON CLUSTER` behind the name, and each MergeTree engine becomes its
 * Replicated form (path and replica come from the servers' own defaults). Statements that are no DDL, and everything
 * inside literals and comments, stay as they are; doing it twice changes nothing.
 */
export function toClusterSql(sql: string, cluster: string): string {
  const tokens = [...sqlTokens(sql)]
  const significant = tokens.flatMap((token, index) => (isSignificant(token) ? [index] : []))
  const wordAt = (position: number): string => wordOf(tokens, significant[position])
  if (!VERBS.has(wordAt(0))) return sql
  const onCluster = ` ON CLUSTER ${quoteIdentifier(cluster)}`
  for (const [position, index] of significant.entries())
    replicateEngine(tokens, index, wordAt(position - 1), wordAt(position - 2))
  if (isOnCluster(wordAt, significant.length)) return joined(tokens)
  const end =
    wordAt(0) === 'RENAME' || wordAt(0) === 'EXCHANGE'
      ? lastBeforeSemicolon(tokens, significant)
      : nameEnd(tokens, significant)
  const token = end === undefined ? undefined : tokens[end]
  if (end !== undefined && token !== undefined) tokens[end] = { ...token, text: `${token.text}${onCluster}` }
  return joined(tokens)
}

function joined(tokens: readonly SqlToken[]): string {
  return tokens.map(({ text }) => text).join('')
}

function wordOf(tokens: readonly SqlToken[], index: number | undefined): string {
  const token = index === undefined ? undefined : tokens[index]
  return token?.kind === 'word' || token?.kind === 'sign' ? token.text.toUpperCase() : ''
}

function replicateEngine(tokens: SqlToken[], index: number, before: string, twoBefore: string): void {
  const token = tokens[index]
  const isEngine = before === 'ENGINE' || (before === '=' && twoBefore === 'ENGINE')
  if (!isEngine || token?.kind !== 'word' || !MERGE_TREE.test(token.text)) return
  tokens[index] = { ...token, text: `Replicated${token.text}` }
}

function isOnCluster(wordAt: (position: number) => string, count: number): boolean {
  for (let position = 0; position + 1 < count; position += 1) {
    if (wordAt(position) === 'ON' && wordAt(position + 1) === 'CLUSTER') return true
    if (wordAt(position) === '(') return false
  }
  return false
}

/** The last token of the object's name, `database.table` included. */
function nameEnd(tokens: readonly SqlToken[], significant: readonly number[]): number | undefined {
  let position = significant.findIndex((index) => !BEFORE_NAME.has(wordOf(tokens, index)))
  if (position < 0) return undefined
  while (wordOf(tokens, significant[position + 1]) === '.') position += 2
  return significant[position]
}

function lastBeforeSemicolon(
  tokens: readonly SqlToken[],
  significant: readonly number[],
): number | undefined {
  return significant.findLast((index) => tokens[index]?.text !== ';')
}
