import { testConfig } from '../../vitest.base.ts'

// Sandboxes, git and time limits mostly wait: more files at once than processors.
export default testConfig({ maxWorkers: 3 })
