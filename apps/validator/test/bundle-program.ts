import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'

import { build } from 'tsup'

/**
 * Bundles the program from source, so that tests need no build. It stands inside the app, since the embedded engine is
 * found from where the program stands. The caller removes the folder.
 */
export async function bundleProgram(): Promise<{ readonly folder: string; readonly main: string }> {
  const cache = join(import.meta.dirname, '..', 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'validator-program-'))
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
  return { folder, main: join(folder, 'main.mjs') }
}
