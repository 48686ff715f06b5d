// Writes until something stops it.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

const megabyte = Buffer.alloc(1_048_576, '{"pattern_id":"boom"}\n')
for (let nth = 0; ; nth += 1) {
  appendFileSync(
    join(process.env['OUTPUT_FOLDER'], nth % 2 === 0 ? 'patterns.jsonl' : `more-${nth}.bin`),
    megabyte,
  )
}
