import { resolve } from 'node:path'

import { InputError } from '../errors/input-error.ts'

/** Where a data folder may be named, strongest first. */
export interface DataFolderSources {
  /** The value of `--data-dir`, when it was given. */
  readonly flag?: string | undefined
  /** The environment that may hold `SUBNETKIT_DATA`; an empty value counts as not set. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** What relative paths and the default are relative to. */
  readonly cwd: string
}

const DEFAULT_FOLDER = '.subnetkit'

/**
 * The one rule for where data lies: `--data-dir`, else `SUBNETKIT_DATA`, else `./.subnetkit`; the three apps share it.
 * Absolute; the folder need not exist. Throws an `InputError` for an empty flag or a path that no system accepts.
 */
export function resolveDataFolder(sources: Readonly<DataFolderSources>): string {
  const { flag, env, cwd } = sources
  if (flag !== undefined) return resolve(cwd, checkPath('--data-dir', flag))
  const named = env?.['SUBNETKIT_DATA']
  if (named !== undefined && named !== '') return resolve(cwd, checkPath('SUBNETKIT_DATA', named))
  return resolve(cwd, DEFAULT_FOLDER)
}

function checkPath(field: string, value: string): string {
  if (value.trim() !== '' && !value.includes('\0')) return value
  throw new InputError({
    field,
    value,
    problem: 'is not a folder',
    hint: 'give a path, for example ./.subnetkit',
  })
}
