/** A piece of SQL text. Joined in order, the pieces give the text back. */
export interface SqlToken {
  /** `word` is a bare word or number, `quoted` a name in backticks or double quotes, `text` a string literal. */
  readonly kind: 'space' | 'comment' | 'text' | 'quoted' | 'word' | 'sign'
  readonly text: string
}

const patterns: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['text', /'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y],
  ['text', /\$(\w*)\$[\s\S]*?\$\1\$/y],
  ['quoted', /`(?:[^`\\]|\\[\s\S]|``)*(?:`|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)/y],
  ['word', /[\w]+/y],
  ['sign', /[\s\S]/y],
]

/** Cuts SQL into pieces, so that a transformation touches neither literals nor comments. Never fails: it is no parser. */
export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  for (let at = 0; at < sql.length;) {
    const token = tokenAt(sql, at)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function tokenAt(sql: string, at: number): SqlToken {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const text = pattern.exec(sql)?.[0]
    if (text !== undefined && text !== '') return { kind, text }
  }
  return { kind: 'sign', text: sql.slice(at, at + 1) }
}

/** True for tokens that mean something to the server. */
export function isSignificant({ kind }: SqlToken): boolean {
  return kind !== 'space' && kind !== 'comment'
}
