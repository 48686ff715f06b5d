import { testConfig } from '../../vitest.base.ts'

// Most of the time goes by waiting for an engine or a process, hence two workers on two cores.
export default testConfig({ globalSetup: ['test/global-setup.ts'], maxWorkers: 2 })
