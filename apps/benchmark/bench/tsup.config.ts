import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { generation: 'bench/generation.ts', validation: 'bench/validation.ts' },
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
  },
})
