import { defineConfig, type ViteUserConfig } from 'vitest/config'

const conditions = ['@subnetkit/source', 'module', 'node', 'import', 'default']

/** The one test configuration: tests read the packages' source, so that they need no build. */
export function testConfig(test: NonNullable<ViteUserConfig['test']> = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      pool: 'forks',
      testTimeout: 30_000,
      hookTimeout: 60_000,
      passWithNoTests: false,
      ...test,
    },
  })
}
