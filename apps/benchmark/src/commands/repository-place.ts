import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { commitSchema, InputError, parseInput, repositoryUrlSchema } from '@subnetkit/core'

/** Where code lies, as a person says it. */
export interface RepositoryPlace {
  readonly repository: string
  /** Null for the head of the default branch. */
  readonly commit: string | null
}

/**
 * Reads `url`, `url#commit` or a path of this machine.
 *
 * @throws InputError for a local one where that is not allowed, and for what is neither.
 */
export function parseRepositoryPlace(field: string, text: string, isLocalAllowed: boolean): RepositoryPlace {
  const [place = '', hash] = text.split('#', 2)
  const url = place.includes('://') ? place : pathToFileURL(resolve(place)).href
  const name = { subject: field }
  const repository = parseInput(repositoryUrlSchema, url, name)
  const commit = hash === undefined ? null : parseInput(commitSchema, hash, name)
  if (!repository.startsWith('file:') || isLocalAllowed) return { repository, commit }
  throw new InputError({
    field,
    value: text,
    problem: 'is a folder of this machine',
    hint: 'allow that with --allow-local, or give an https address',
  })
}
