const SECRET_NAME =
  /pass(?:word|phrase)?$|secret|mnemonic|authorization|cookie|token$|api_?key|private_?key|access_?key|seed_?phrase|credential/i
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"']*):[^\s@/"']+@/gi
const CENSORED = '[redacted]'
const MAX_DEPTH = 8

/**
 * A copy of `value` in which everything under a name that sounds like a secret, and passwords inside URLs, are replaced.
 * It errs on the side of hiding. Objects deeper than 8 levels are cut, cycles therefore too.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth >= MAX_DEPTH) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) && item !== null && item !== undefined ? CENSORED : redact(item, depth + 1),
    ]),
  )
}

/** Text in which the password of each URL is replaced: `http://user:[redacted]@host`. */
export function redactText(text: string): string {
  return text.includes('://') ? text.replaceAll(URL_PASSWORD, `$1:${CENSORED}@`) : text
}

const JSON_TEXT_FIELD = /"([^"\\]{1,64})":"((?:[^"\\]|\\.)*)"/g

/**
 * The last net, over a finished JSON line: secrets that were bound to a child logger, which are turned into text before
 * anyone can look at them, and passwords in URLs wherever they stand.
 */
export function redactJsonLine(line: string): string {
  const named = line.replaceAll(JSON_TEXT_FIELD, (field, name: string) =>
    SECRET_NAME.test(name) ? `"${name}":"${CENSORED}"` : field,
  )
  return redactText(named)
}
