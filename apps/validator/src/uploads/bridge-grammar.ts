/** Comments, texts, names, numbers that end in a dot, ends of lines, and `()`: what tells one from the other. */
const TOKENS =
  /(?<skip>#[^\n]*|"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<float>\d[\d_]*\.(?![\d_.\p{L}]))|(?<number>\d[\d_.\p{L}]*)|(?<line>\n)|(?<empty>\( *\))/gu

const BARE_YIELD = /[ \t]*(?:$|[\n\r;#)\]},:=])/y

/**
 * Rewrites what the grammar of our parser lacks and Python has, letter for letter, so that every position stays: a
 * `yield` without a value and an empty class pattern become names, `4.` becomes `40`. It changes neither imports nor
 * definitions, which are all that is asked of the result.
 */
export function bridgeGrammar(source: string): string {
  let isCase = false
  let isLineBegun = false
  let endOfName = -1
  return source.replaceAll(TOKENS, (token: string, ...rest: readonly unknown[]) => {
    const groups = rest.at(-1)
    const offset = rest.at(-3)
    const has = (group: string): boolean =>
      typeof groups === 'object' && groups !== null && Reflect.get(groups, group) !== undefined
    if (typeof offset !== 'number') return token
    if (has('line')) {
      isCase = false
      isLineBegun = false
      return token
    }
    const isFirst = !isLineBegun
    isLineBegun = true
    if (has('float')) return `${token.slice(0, -1)}0`
    if (has('empty')) return isCase && endOfName === offset ? '_'.repeat(token.length) : token
    if (!has('name')) return token
    endOfName = offset + token.length
    if (isFirst && token === 'case') isCase = true
    BARE_YIELD.lastIndex = endOfName
    return token === 'yield' && BARE_YIELD.test(source) ? '_'.repeat(token.length) : token
  })
}
