import { cp } from 'node:fs/promises'

import { defineConfig } from 'tsup'

import { appOptions } from '../../tsup.base.ts'

const submission = 'dist/submission'
const migrations = '../../packages/storage-clickhouse/migrations/miner'

/** Bundled code of CommonJS packages asks for Node's own modules in its way. */
const requireBanner =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)"

export default defineConfig([
  { ...appOptions({ main: 'src/main.ts' }), clean: ['!submission', '!submission/**'] },
  {
    ...appOptions({ main: 'src/submission/main.ts' }),
    outDir: submission,
    // Read and scanned by others: one file, unminified, with everything but what its base image brings.
    outExtension: () => ({ js: '.mjs' }),
    noExternal: [/.*/],
    external: ['chdb', 'ffi-rs'],
    splitting: false,
    // From source, module by module: what a run does not use stays out.
    esbuildOptions: (options) => {
      options.conditions = ['@subnetkit/source', 'node', 'import']
    },
    sourcemap: false,
    publicDir: 'submission',
    banner: { js: requireBanner },
    onSuccess: async () => {
      await cp(migrations, `${submission}/migrations`, { recursive: true })
    },
  },
])
