import { createRequire } from 'node:module'
import { join } from 'node:path'

import { StorageError } from '../errors/storage-error.ts'

/** Finds a module's file or throws, as `require.resolve` does. */
export type ResolveModule = (specifier: string) => string

/** What to find, and what to tell a person who has not installed it. */
export interface OptionalModule {
  /** `chdb/libchdb`: what is loaded. */
  readonly specifier: string
  /** `chdb`: what is installed. */
  readonly packageName: string
  /** `import.meta.url` of the module that declares it as an optional peer. */
  readonly from: string
  /** Who needs it: `the embedded ClickHouse`. */
  readonly neededBy: string
  /** The way out: `npm install chdb ffi-rs, or set CLICKHOUSE_URL to use a server`. */
  readonly hint: string
  /** @default from `from`, then from the working directory, where the app that installed it may be */
  readonly resolve?: ResolveModule | undefined
}

/** The file of an optional package; throws a `StorageError` with code `unavailable` that says how to get it. */
export function resolveOptionalModule(wanted: Readonly<OptionalModule>): string {
  const resolve = wanted.resolve ?? ((specifier) => resolveFromHereOrApp(specifier, wanted.from))
  try {
    return resolve(wanted.specifier)
  } catch (cause) {
    throw new StorageError({
      code: 'unavailable',
      retryable: false,
      message: `${wanted.neededBy} needs the package ${wanted.packageName}, which is not installed: ${wanted.hint}`,
      cause,
      details: { package: wanted.packageName },
    })
  }
}

function resolveFromHereOrApp(specifier: string, from: string): string {
  try {
    return createRequire(from).resolve(specifier)
  } catch (error) {
    try {
      return createRequire(join(process.cwd(), 'package.json')).resolve(specifier)
    } catch {
      throw error
    }
  }
}
