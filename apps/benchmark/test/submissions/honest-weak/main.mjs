// One detector, for one shape.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { chooseReports } from './choose-reports.mjs'
import { findCycles } from './find-cycles.mjs'
import { readTransfers } from './read-transfers.mjs'

const transfers = await readTransfers(process.env['INPUT_FOLDER'])
const reports = chooseReports(findCycles(transfers))
const lines = reports.map((report) => `${JSON.stringify(report)}\n`)
writeFileSync(join(process.env['OUTPUT_FOLDER'], 'patterns.jsonl'), lines.join(''))
