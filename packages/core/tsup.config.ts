import { defineConfig } from 'tsup'

import { libraryOptions } from '../../tsup.base.ts'

export default defineConfig(
  libraryOptions({
    index: 'src/index.ts',
    'contracts/index': 'src/contracts/index.ts',
    'cli/index': 'src/cli/index.ts',
    'http/index': 'src/http/index.ts',
    'local-service/index': 'src/local-service/index.ts',
    'ss58/index': 'src/ss58/index.ts',
  }),
)
