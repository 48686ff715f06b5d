// What a submission does: reads its input and environment, writes its output, and ends.
import fs from 'node:fs'

import { parquetMetadata } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

fs.writeFileSync('/tmp/scratch', 'x')
fs.writeFileSync(
  '/data/output/patterns.jsonl',
  JSON.stringify({
    input: fs.readFileSync('/data/input/transfers.parquet', 'utf8'),
    network: process.env.NETWORK,
    mode: process.env.MODE,
    folder: process.cwd(),
    packages: [typeof parquetMetadata, typeof compressors],
  }),
)
console.log('done')
process.exit(Number(process.env.EXIT_CODE ?? '0'))
