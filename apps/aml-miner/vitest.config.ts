import { testConfig } from '../../vitest.base.ts'

export default testConfig({ globalSetup: ['test/global-setup.ts'] })
