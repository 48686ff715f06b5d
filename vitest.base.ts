import { defineConfig, type ViteUserConfig } from 'vitest/config'

// Without `module`: Node itself loads what is outside, and the AWS SDK's `module` files are for bundlers only.
const conditions = ['@subnetkit/source', 'node', 'import', 'default']

/** `npm run test:soak` sets it: the engine tests alone, with their full sizes, in a report of its own. */
const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

/**
 * The one test configuration: tests read the packages' source, so that they need no build; the report is a task's
 * output, from which `npm test` sums its counts.
 */
export function testConfig(
  test: NonNullable<ViteUserConfig['test']> = {},
  reportName: string = isSoak ? 'soak' : 'test',
): ViteUserConfig {
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    // Where vitest runs `globalSetup`; it does not share the tests' own settings.
    environments: { __vitest__: { resolve: { conditions, noExternal: [/^@subnetkit\//] } } },
    test: {
      include: isSoak ? ['test/**/*.test.ts'] : ['src/**/*.test.ts', 'test/**/*.test.ts'],
      pool: 'forks',
      // Nothing here mocks a module, so files may share loaded ones: loading them costs more than most tests.
      isolate: false,
      testTimeout: isSoak ? 600_000 : 30_000,
      hookTimeout: isSoak ? 120_000 : 60_000,
      passWithNoTests: isSoak,
      reporters: ['dot', ['json', { outputFile: `.reports/${reportName}.json` }]],
      ...test,
    },
  })
}
