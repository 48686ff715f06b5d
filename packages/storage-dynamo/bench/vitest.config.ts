import { testConfig } from '../../../vitest.base.ts'

/** `pnpm bench`: measurements, one after the other; they assert nothing but that the work was done. */
export default testConfig(
  {
    include: ['bench/**/*.bench.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 1_200_000,
    fileParallelism: false,
    execArgv: ['--expose-gc'],
    reporters: ['default'],
  },
  'bench',
)
