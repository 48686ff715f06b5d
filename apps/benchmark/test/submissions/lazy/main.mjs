// Reads nothing and reports nothing, as fast as it can.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

writeFileSync(join(process.env['OUTPUT_FOLDER'], 'patterns.jsonl'), '')
