import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { resolveOptionalModule, type ResolveModule } from '@subnetkit/core/local-service'

/** The files that the engine's process loads. */
export interface EngineModules {
  readonly chdb: string
  readonly ffi: string
}

const shared = {
  from: import.meta.url,
  neededBy: 'the embedded ClickHouse',
  hint: 'npm install chdb ffi-rs, or set CLICKHOUSE_URL to use a server',
} as const

/** Finds the two optional packages; throws a `StorageError` that names what to install. */
export function resolveEngine(resolve?: ResolveModule): EngineModules {
  return {
    chdb: resolveOptionalModule({ ...shared, specifier: 'chdb/libchdb', packageName: 'chdb', resolve }),
    ffi: resolveOptionalModule({ ...shared, specifier: 'ffi-rs', packageName: 'ffi-rs', resolve }),
  }
}

/** The engine's own program; it ships as it is written, so that it runs from source as from an installed package. */
export function serverScript(): string {
  const manifest = createRequire(import.meta.url).resolve('@subnetkit/storage-clickhouse/package.json')
  return join(dirname(manifest), 'src', 'embedded', 'clickhouse-server.mjs')
}
