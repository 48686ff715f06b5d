import { StorageError } from '@subnetkit/core'

import type { GitEnd } from './git-program.ts'

/** Why git could not bring a commit, sorted by whose fault it is. */
export type FetchFailure =
  | { readonly isSubmissionsFault: true; readonly reason: string }
  | { readonly isSubmissionsFault: false; readonly error: StorageError }

/** What git says (in the C locale) when the repository itself is at fault, and what the miner is told. */
const faults: readonly (readonly [RegExp, string])[] = [
  [
    /not our ref|couldn't find remote ref|unadvertised object|Server does not allow request for/,
    'there is no such commit in the repository, or its server does not give it out',
  ],
  [
    /could not read Username|Authentication failed|requested URL returned error: 40[13]/,
    'the repository is not public: its server asks for a user',
  ],
  [
    /redirect(?:ion|s)?\b|requested URL returned error: 3\d\d/i,
    "the repository's server redirects; give the address that it redirects to",
  ],
  [
    /repository '.*' not found|Repository not found|does not appear to be a git repository|requested URL returned error: 4(?:04|10)|not valid: is this a git repository/,
    'there is no repository at this address',
  ],
  [/fsck error|^error: object [0-9a-f]{40}: /m, 'the repository has objects that git refuses as malformed'],
]

/** Sorts a failed fetch or look-up. What is not known to be the submission's fault is the network's, and retryable. */
export function fetchFailure(end: Readonly<GitEnd>, repository: string): FetchFailure {
  const fault = faults.find(([pattern]) => pattern.test(end.stderr))
  if (fault !== undefined) return { isSubmissionsFault: true, reason: fault[1] }
  return {
    isSubmissionsFault: false,
    error: new StorageError({
      code: 'unavailable',
      message: `${repository} cannot be fetched: ${lastWords(end)}`,
      details: { repository, exitCode: end.exitCode },
    }),
  }
}

/** The end of what git said, on one line, without control characters. */
export function lastWords(end: Readonly<GitEnd>): string {
  const words = end.stderr.replaceAll(/[^\u0020-\u007e]+/g, ' ').trim()
  if (words === '')
    return end.exitCode === null ? 'git was killed' : `git ended with exit code ${end.exitCode}`
  return words.slice(-300)
}
