import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    generation: 'bench/generation.ts',
    validation: 'bench/validation.ts',
    sandbox: 'bench/sandbox.ts',
  },
  outDir: 'node_modules/.bench',
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
    // Docker's client loads it for engines of other machines only; its add-ons cannot be bundled.
    options.alias = { ...options.alias, ssh2: 'node:events' }
  },
})
