import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { build } from 'tsup'

/** Bundles the program with everything it needs into a folder of its own; tests can then run it, and kill it. */
export async function bundleProgram(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'benchmark-program-'))
  await build({
    config: false,
    entry: { main: 'src/main.ts' },
    outDir: folder,
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    silent: true,
    noExternal: [/.*/],
    outExtension: () => ({ js: '.mjs' }),
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    esbuildOptions: (options) => {
      options.conditions = ['@subnetkit/source']
    },
  })
  return join(folder, 'main.mjs')
}
