import type { TextHit } from './scan-finding.ts'
import { scanLimits } from './scan-limits.ts'
import type { TextPattern } from './text-pattern.ts'
import { MOST_NUMBERS, type TextRuns } from './text-runs.ts'

/** Texts that a person cannot read: encoded, escaped, renamed or squeezed. */
export const concealmentPatterns: readonly TextPattern[] = [
  {
    rule: 'escape-flood',
    needles: ['\\'],
    pattern: /(?:\\x[2-7][0-9a-fA-F]|\\u00[2-7][0-9a-fA-F]|\\u\{[2-7][0-9a-fA-F]\}|\\1?[0-7]{2}){8,}/g,
    message: 'plain letters written as escapes',
  },
  {
    rule: 'escape-flood',
    needles: ['\\u'],
    // An escape in a name, as in \u0065val: strings of more than one word and regular expressions look otherwise.
    pattern: /\\u(?:00[4-7][0-9a-fA-F]|\{0{0,4}[4-7][0-9a-fA-F]\})/g,
    message: 'a name with letters written as escapes',
    isHit: ({ index, 0: escape }, text) =>
      /(?:^|[;{}(=,!&|?:\s.])[\w$]{0,30}$/.test(text.slice(Math.max(0, index - 32), index)) &&
      /^(?:[\w$]|\\u[0-9a-f{}]{4,8}){0,30}\s{0,3}[(.=[;]/i.test(
        text.slice(index + escape.length, index + escape.length + 60),
      ),
  },
  {
    rule: 'escape-flood',
    needles: ['fromCharCode', 'fromCodePoint', 'chr('],
    pattern:
      /(?:fromCharCode|fromCodePoint)\s{0,5}\((?:\s{0,5}(?:0x)?[0-9a-fA-F]{1,5}\s{0,5},){7}|(?:\bchr\(\s{0,5}(?:0x)?[0-9a-fA-F]{1,5}\s{0,5}\)\s{0,5}\+?\s{0,5}){6}/g,
    message: 'a text written as numbers of its letters',
  },
  {
    rule: 'identifier-soup',
    needles: ['_0x'],
    pattern: /\b_0x[0-9a-f]{4,8}\b[^]{0,2000}?\b_0x[0-9a-f]{4,8}\b[^]{0,2000}?\b_0x[0-9a-f]{4,8}\b/g,
    message: 'names as an obfuscator makes them',
  },
  {
    rule: 'identifier-soup',
    needles: ['lI', 'Il', 'O0', '0O', 'll1', 'I1'],
    pattern: /(?<![\w$+/])[_$]{0,2}[lIO][lI1O0]{6,40}(?![\w$+/])/g,
    message: 'names of letters that look alike',
    isHit: (match) => new Set(match[0].replaceAll(/[_$]/g, '')).size > 1,
  },
]

const ENCODED_FILE = /TVqQ|f0VMR|UEsDB|H4sIA|AGFzbQ|gASV|gAN[a-z9]|UEFSMQ|U1FMaXRl/
const LONGEST_BASE64 = 512
const LONGEST_HEX = 256

/** Encoded texts, code of brackets and lists of numbers: what {@link findTextRuns} finds and people cannot read. */
export function concealedRuns(runs: Readonly<TextRuns>): TextHit[] {
  const hits: TextHit[] = []
  for (const { index, text } of runs.encoded) {
    const message = encodedMessage(text)
    if (message !== null) hits.push({ rule: 'encoded-blob', index, message })
    if (hits.length === scanLimits.findingsOfRule) break
  }
  if (runs.brackets !== null) {
    hits.push({ rule: 'identifier-soup', index: runs.brackets, message: 'code of brackets and signs alone' })
  }
  if (runs.numbers !== null) {
    hits.push({
      rule: 'number-table',
      index: runs.numbers,
      message: `more than ${MOST_NUMBERS} numbers in a row`,
    })
  }
  return hits
}

function encodedMessage(text: string): string | null {
  const longestHex = Math.max(0, ...(text.match(/[0-9a-fA-F]{256,}/g) ?? []).map((hex) => new Set(hex).size))
  // Mixed in case and digits, as no word, path or ruler of dashes is.
  if (text.length >= LONGEST_BASE64 && isMixed(text)) {
    return `a text of more than ${LONGEST_BASE64} characters in the alphabet of base64`
  }
  if (longestHex > 6) return `a text of more than ${LONGEST_HEX} hex digits`
  const file = text.search(ENCODED_FILE)
  return file !== -1 && text.length - file >= 96 && isMixed(text)
    ? 'a program, an archive or data in base64'
    : null
}

function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text) && new Set(text).size > 24
}

const LONGEST_LINE = 20_000
const LONG_LINE = 1_000
/** Characters per line that is not empty; code written by people and by bundlers has 25 to 45. */
const MEAN_LINE = 160

/** Code whose lines were squeezed together. */
export function minifiedHit(text: string): TextHit | null {
  let lines = 0
  let characters = 0
  let longest = 0
  let longestAt = 0
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    const length = end - start
    if (length > 1) {
      lines++
      characters += length
      if (length > longest) [longest, longestAt] = [length, start]
    }
    start = end + 1
  }
  const isSqueezed = lines > 0 && longest > LONG_LINE && characters / lines > MEAN_LINE
  if (longest <= LONGEST_LINE && !isSqueezed) return null
  return {
    rule: 'minified',
    index: longestAt,
    message: `its lines are ${longest} characters long; submit the code as it was written, or bundled without minifying`,
  }
}
