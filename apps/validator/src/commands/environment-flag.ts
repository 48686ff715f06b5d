import { InputError, type Repositories } from '@subnetkit/core'
import type { Command } from 'commander'

import { allItems } from '../all-items.ts'

const PREFIX = 'environment.'

/** Adds `--environment`. */
export function environmentFlag(command: Command): Command {
  return command.option(
    '--environment <name>',
    'only this one; without it every environment that is configured',
  )
}

/**
 * The environment that was named, else all that are configured.
 *
 * @throws InputError when none is named and none is configured.
 */
export async function environmentsOf(
  repositories: Pick<Repositories, 'systemConfig'>,
  named: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (named !== undefined) return [named]
  const names = await configuredEnvironments(repositories, signal)
  if (names.length > 0) return names
  throw new InputError({
    field: '--environment',
    problem: 'is not given, and no environment is configured',
    hint: `name one, or say which tasks to sample: validator config set environment.sat '{"samplingRange": [0, 500]}' --type json`,
  })
}

/**
 * Tells "nothing to do" from a name that was mistyped.
 *
 * @throws InputError that lists the configured ones when `environment` is not among them.
 */
export async function requireConfigured(
  repositories: Pick<Repositories, 'systemConfig'>,
  environment: string,
  signal: AbortSignal,
): Promise<void> {
  const names = await configuredEnvironments(repositories, signal)
  if (names.includes(environment)) return
  throw new InputError({
    field: '--environment',
    problem: `${environment} is not configured, and nothing of it was found`,
    hint: names.length === 0 ? 'no environment is configured yet' : `configured: ${names.join(', ')}`,
  })
}

/** All environments that are configured. */
export async function configuredEnvironments(
  repositories: Pick<Repositories, 'systemConfig'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names: string[] = []
  for await (const { key } of allItems((page) => repositories.systemConfig.list(page, { signal }))) {
    if (key.startsWith(PREFIX)) names.push(key.slice(PREFIX.length))
  }
  return names
}
