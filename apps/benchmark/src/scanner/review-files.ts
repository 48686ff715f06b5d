import { StorageError } from '@subnetkit/core'

import type { CodeReviewer, ReviewedFile } from '../ports/code-reviewer.ts'
import { type FileKind, isCode } from './file-kind.ts'
import type { ScanFinding } from './scan-finding.ts'

/** Of one question to the reviewer. */
const MOST_CHARACTERS_AT_ONCE = 100_000
/** Of all questions together. More than this is not accepted unread: padding must not hide anything. */
const MOST_CHARACTERS = 4_000_000
const MOST_CONCERNS = 10

/** Whether a reviewer reads a file. */
export function isReviewed(kind: FileKind): boolean {
  return isCode(kind) || kind === 'dockerfile' || kind === 'settings'
}

/**
 * Puts all code before a reviewer, in portions; large files are cut into parts. The first portion that is refused refuses
 * the submission.
 *
 * @throws StorageError, retryable, when the reviewer fails: code that nobody could read is not accepted.
 */
export async function reviewFiles(
  params: Readonly<{ files: readonly ReviewedFile[]; reviewer: CodeReviewer; signal: AbortSignal }>,
): Promise<ScanFinding[]> {
  const { files, reviewer, signal } = params
  const characters = files.reduce((sum, { text }) => sum + text.length, 0)
  if (characters > MOST_CHARACTERS) {
    const message = `it has ${characters} characters of code and settings; a reviewer reads at most ${MOST_CHARACTERS}`
    return [{ rule: 'too-much-to-review', path: '.', line: null, message }]
  }
  for (const portion of portionsOf(files)) {
    signal.throwIfAborted()
    const review = await ask(reviewer, portion, signal)
    if (!review.isAccepted) {
      const concerns = review.concerns.length === 0 ? ['no reason was given'] : review.concerns
      return concerns.slice(0, MOST_CONCERNS).map((concern) => ({
        rule: 'reviewer',
        path: '.',
        line: null,
        message: `${reviewer.name}: ${plain(concern)}`,
      }))
    }
  }
  return []
}

async function ask(
  reviewer: CodeReviewer,
  files: readonly ReviewedFile[],
  signal: AbortSignal,
): ReturnType<CodeReviewer['review']> {
  try {
    return await reviewer.review({ files, signal })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof StorageError) throw cause
    throw new StorageError({ code: 'unavailable', message: `the reviewer ${reviewer.name} failed`, cause })
  }
}

function portionsOf(files: readonly ReviewedFile[]): ReviewedFile[][] {
  const portions: ReviewedFile[][] = []
  let portion: ReviewedFile[] = []
  let characters = 0
  for (const part of files.flatMap((file) => partsOf(file))) {
    if (portion.length > 0 && characters + part.text.length > MOST_CHARACTERS_AT_ONCE) {
      portions.push(portion)
      portion = []
      characters = 0
    }
    portion.push(part)
    characters += part.text.length
  }
  return portion.length === 0 ? portions : [...portions, portion]
}

function partsOf({ path, text }: ReviewedFile): ReviewedFile[] {
  const parts = Math.max(1, Math.ceil(text.length / MOST_CHARACTERS_AT_ONCE))
  if (parts === 1) return [{ path, text }]
  return Array.from({ length: parts }, (_, index) => ({
    path: `${path} (part ${index + 1} of ${parts})`,
    text: text.slice(index * MOST_CHARACTERS_AT_ONCE, (index + 1) * MOST_CHARACTERS_AT_ONCE),
  }))
}

function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 400)
}
