import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    page: 'bench/page.ts',
    scheduler: 'bench/scheduler.ts',
    weights: 'bench/weights.ts',
    yuma: 'bench/yuma.ts',
  },
  outDir: 'node_modules/.bench',
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  silent: true,
  skipNodeModulesBundle: true,
  outExtension: () => ({ js: '.mjs' }),
})
