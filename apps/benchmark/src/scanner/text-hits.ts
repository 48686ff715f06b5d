import { addressHits } from './addresses/address-hits.ts'
import { concealedRuns, concealmentPatterns, minifiedHit } from './concealed-text.ts'
import { dataHits } from './data-in-text.ts'
import { type FileKind, isCode } from './file-kind.ts'
import { hiddenCharacterPatterns } from './hidden-characters.ts'
import { malwarePatterns } from './malware-patterns.ts'
import { javascriptPatterns, pythonPatterns, shellPatterns } from './running-code.ts'
import type { TextHit } from './scan-finding.ts'
import { findTextRuns } from './text-runs.ts'
import { hitsOfPattern, type TextPattern } from './text-pattern.ts'

const everywhere: readonly TextPattern[] = [...malwarePatterns, ...shellPatterns]
/** What the rules for hidden characters look for begins at the soft hyphen. */
const WIDE = /[\u00ad-\uffff]/

/** Everything that the rules over one text find; pure, and linear in its length. */
export function textHits(file: Readonly<{ text: string; kind: FileKind; bytes: number }>): TextHit[] {
  const { text, kind, bytes } = file
  // A lock file is a list of packages with base64 pins and nothing that runs.
  const concealment = kind === 'lock' ? [] : concealmentPatterns
  const ofLanguage = kind === 'javascript' ? javascriptPatterns : kind === 'python' ? pythonPatterns : []
  const hidden = WIDE.test(text) ? hiddenCharacterPatterns : []
  const hits = [...hidden, ...everywhere, ...concealment, ...ofLanguage].flatMap((pattern) =>
    hitsOfPattern(text, pattern),
  )
  const runs = findTextRuns(text)
  if (kind !== 'lock') hits.push(...concealedRuns(runs))
  hits.push(...addressHits(text, runs.words), ...dataHits(text, kind, bytes))
  const minified = isCode(kind) ? minifiedHit(text) : null
  if (minified !== null) hits.push(minified)
  return hits
}
