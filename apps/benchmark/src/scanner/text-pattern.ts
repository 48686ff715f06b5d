import { scanLimits } from './scan-limits.ts'
import type { ScanRule, TextHit } from './scan-finding.ts'

/** A rule that is one regular expression. Its quantifiers are bounded: time grows with the text's length and no faster. */
export interface TextPattern {
  readonly rule: ScanRule
  /** Global. */
  readonly pattern: RegExp
  /** One of these stands in every match; texts without them are not searched. Null: always searched. */
  readonly needles: readonly string[] | null
  readonly message: string
  /** A last look at a match. */
  readonly isHit?: (match: RegExpExecArray, text: string) => boolean
}

/** All matches, at most as many as are told of one rule in one file. */
export function hitsOfPattern(text: string, pattern: Readonly<TextPattern>): TextHit[] {
  const { needles, rule, message, isHit } = pattern
  if (needles !== null && !needles.some((needle) => text.includes(needle))) return []
  const hits: TextHit[] = []
  for (const match of text.matchAll(pattern.pattern)) {
    if (isHit !== undefined && !isHit(match, text)) continue
    hits.push({ rule, index: match.index, message })
    if (hits.length === scanLimits.findingsOfRule) break
  }
  return hits
}
