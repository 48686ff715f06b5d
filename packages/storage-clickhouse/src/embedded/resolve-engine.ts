import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { StorageError } from '@subnetkit/core'

/** Finds a module's file or throws, as `require.resolve` does. */
export type ResolveModule = (specifier: string) => string

/** The files that the engine's process loads. */
export interface EngineModules {
  readonly chdb: string
  readonly ffi: string
}

/**
 * Finds the two optional packages. They are looked for from here, then from the working directory, where the app that
 * installed them may be. Throws a `StorageError` that names what to install.
 */
export function resolveEngine(resolve: ResolveModule = resolveFromHereOrApp): EngineModules {
  return { chdb: find('chdb', 'chdb/libchdb', resolve), ffi: find('ffi-rs', 'ffi-rs', resolve) }
}

/** The engine's own program; it ships as it is written, so that it runs from source as from an installed package. */
export function serverScript(): string {
  const manifest = createRequire(import.meta.url).resolve('@subnetkit/storage-clickhouse/package.json')
  return join(dirname(manifest), 'src', 'embedded', 'clickhouse-server.mjs')
}

function find(name: string, specifier: string, resolve: ResolveModule): string {
  try {
    return resolve(specifier)
  } catch (cause) {
    throw new StorageError({
      code: 'unavailable',
      retryable: false,
      message: `the embedded ClickHouse needs the package ${name}, which is not installed: npm install chdb ffi-rs, or set CLICKHOUSE_URL to use a server`,
      cause,
      details: { package: name },
    })
  }
}

function resolveFromHereOrApp(specifier: string): string {
  try {
    return createRequire(import.meta.url).resolve(specifier)
  } catch (error) {
    try {
      return createRequire(join(process.cwd(), 'package.json')).resolve(specifier)
    } catch {
      throw error
    }
  }
}
