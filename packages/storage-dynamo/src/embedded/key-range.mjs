/**
 * All keys of dynalite's store that begin so: none has a character after `\uffff` there.
 *
 * @param {string} prefix
 * @returns {{ gte: string, lt: string }}
 */
export function keyRange(prefix) {
  return { gte: prefix, lt: `${prefix}\uffff` }
}
