import { testConfig } from './vitest.base.ts'

/** The house's own suites. Those with needs of their own (built packages, engines) are tasks of their own. */
const suites = {
  scripts: ['scripts/**/*.test.ts', '!scripts/{readme,release}/**'],
  readme: ['scripts/readme/**/*.test.ts'],
  release: ['scripts/release/**/*.test.ts'],
} as const

const suite = process.env['SUBNETKIT_SUITE']
const name = suite === 'readme' || suite === 'release' ? suite : 'scripts'

export default testConfig(
  { include: [...suites[name]], testTimeout: 180_000, hookTimeout: 300_000 },
  `test-${name}`,
)
