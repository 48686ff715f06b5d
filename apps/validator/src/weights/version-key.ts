import { InputError } from '@subnetkit/core'

const VERSION = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/

/** How a version becomes the number that goes with weights. */
export type VersionKeyRule = 'distinct' | 'legacy'

/**
 * The version key of `major.minor.patch`. `legacy` (1000, 10, 1) gives 2.9.10 and 2.10.0 the same key; `distinct`
 * (1000000, 1000, 1) gives each version its own, in their order. @throws InputError for another form, or a part above 999.
 */
export function versionKeyOf(version: string, rule: VersionKeyRule = 'distinct'): number {
  const [, major, minor, patch] = (VERSION.exec(version) ?? []).map(Number)
  const isTooBig = rule === 'distinct' && ((minor ?? 0) > 999 || (patch ?? 0) > 999)
  if (major === undefined || minor === undefined || patch === undefined || isTooBig) {
    throw new InputError({
      field: 'version',
      value: version,
      problem: 'is not a version',
      hint: 'give major.minor.patch, for example 2.4.3, with parts up to 999',
    })
  }
  return rule === 'legacy' ? 1_000 * major + 10 * minor + patch : 1_000_000 * major + 1_000 * minor + patch
}

/** Whether a subnet takes weights with this key: it asks for none (0), or for one that is not above it. */
export function acceptsVersionKey(required: number, submitted: number): boolean {
  return required === 0 || submitted >= required
}
