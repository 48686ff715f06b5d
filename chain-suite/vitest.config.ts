import { testConfig } from '../vitest.base.ts'

export default testConfig(
  { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
  'chain',
)
