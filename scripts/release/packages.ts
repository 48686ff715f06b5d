import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { repository } from './program.ts'

/** The packages that are published, in the order in which they depend on each other. */
export const publishedPackages = ['core', 'storage-clickhouse', 'storage-dynamo'] as const

/** What these suites read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Reads `package.json` of a folder. */
export function readManifest(folder: string): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return manifest
}

/** The tarball that the `pack` task made of a package, as npm would publish it. */
export function tarballOf(name: string): string {
  return join(repository, 'packages', name, '.pack/package.tgz')
}

/** Each import specifier that a package offers, data files left out. */
export function entriesOf({ name, exports }: Manifest): readonly string[] {
  return Object.keys(exports)
    .filter((subpath) => !subpath.endsWith('.json') && !subpath.includes('*'))
    .map((subpath) => name + subpath.slice(1))
}
