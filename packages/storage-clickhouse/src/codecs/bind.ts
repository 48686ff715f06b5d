/** Hands a constant to generated code and answers the name under which the code sees it. */
export type Bind = (constant: unknown) => string

/**
 * Turns an expression of our own column plans into a function. Only constants of the plan reach the source text, and
 * every name in it was checked and quoted before; values are never part of it.
 */
export function compile(parameters: readonly string[], write: (bind: Bind) => string): unknown {
  const constants: unknown[] = []
  const body = write((constant) => {
    const known = constants.indexOf(constant)
    return known >= 0 ? `k${known}` : `k${constants.push(constant) - 1}`
  })
  const names = constants.map((_constant, index) => `k${index}`)
  // A compiled plan decodes as fast as JSON.parse; its source is only our constants
  const build = new Function(
    ...names,
    `"use strict"\nreturn function (${parameters.join(', ')}) {\n${body}\n}`,
  )
  return build(...constants)
}
