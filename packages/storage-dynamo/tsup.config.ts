import { defineConfig } from 'tsup'

import { libraryOptions } from '../../tsup.base.ts'

export default defineConfig(libraryOptions({ index: 'src/index.ts' }))
