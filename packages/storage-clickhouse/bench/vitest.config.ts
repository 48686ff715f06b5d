import { testConfig } from '../../../vitest.base.ts'

/** `pnpm bench`: measurements on the embedded server, one after the other; they assert nothing but equal results. */
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
