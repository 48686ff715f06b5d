import { defineConfig } from 'tsup'

import { appOptions } from '../../tsup.base.ts'

export default defineConfig(appOptions({ main: 'src/main.ts' }))
