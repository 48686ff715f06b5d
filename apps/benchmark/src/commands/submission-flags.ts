import {
  type BenchmarkSubmissionContext,
  commitSchema,
  hotkeySchema,
  type ImageType,
  imageTypes,
  imageTypeSchema,
  InputError,
  repositoryUrlSchema,
} from '@subnetkit/core'
import type { Command } from 'commander'

import type { BenchmarkRepositories } from '../benchmark-deps.ts'

/** The schema of {@link submissionFlags}. */
export const submissionFlagsShape = {
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  repository: repositoryUrlSchema.optional(),
  commit: commitSchema.optional(),
}

/** Adds whose submission is meant: as registered, unless repository and commit are given. */
export function submissionFlags(command: Command): void {
  command
    .requiredOption('--hotkey <ss58>', 'whose submission')
    .option('--image-type <type>', imageTypes.join(' or '), 'analytics')
    .option('--repository <url>', 'instead of the registered one; needs --commit')
    .option('--commit <sha>', 'instead of the registered one: all 40 hex digits')
}

/**
 * The submission that the flags mean.
 *
 * @throws StorageError `not_found` when none is registered; InputError when only one of repository and commit is given.
 */
export async function findSubmission(
  repositories: Pick<BenchmarkRepositories, 'submissions'>,
  flags: Readonly<{
    hotkey: string
    imageType: ImageType
    repository?: string | undefined
    commit?: string | undefined
  }>,
  signal: AbortSignal,
): Promise<BenchmarkSubmissionContext> {
  const { hotkey, imageType, repository, commit } = flags
  if (repository !== undefined && commit !== undefined) return { hotkey, imageType, repository, commit }
  if (repository !== undefined || commit !== undefined) {
    throw new InputError({
      field: repository === undefined ? '--repository' : '--commit',
      problem: 'is missing',
      hint: 'give repository and commit together, or neither for the registered submission',
    })
  }
  const registered = await repositories.submissions.get({ hotkey, imageType }, { signal })
  return { hotkey, imageType, repository: registered.repository, commit: registered.commit }
}
