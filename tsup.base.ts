import type { Options } from 'tsup'

/** The one build configuration: ESM, types, source maps; entries are each package's own. */
export function libraryOptions(entry: Record<string, string>): Options {
  return {
    entry,
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    dts: { compilerOptions: { customConditions: [], composite: false } },
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
  }
}

/** Apps are run, not imported: no types. */
export function appOptions(entry: Record<string, string>): Options {
  return { ...libraryOptions(entry), dts: false }
}
