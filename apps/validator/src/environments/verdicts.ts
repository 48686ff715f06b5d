import type { JsonValue } from '@subnetkit/core'

import type { Verdict } from '../ports/environment.ts'

/** Solved: the full score. */
export function solved(details: Readonly<Record<string, JsonValue>> = {}): Verdict {
  return { score: 1, success: true, details: { reason: 'solved', ...details } }
}

/** Not solved: score 0, and a lower-case word that says why. */
export function unsolved(reason: string, details: Readonly<Record<string, JsonValue>> = {}): Verdict {
  return { score: 0, success: false, details: { reason, ...details } }
}
