// A submission of patterns: reads the day's transfers, looks for two shapes of laundering, writes one line for each.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { chooseReports } from './choose-reports.mjs'
import { findCollections } from './find-collections.mjs'
import { findCycles } from './find-cycles.mjs'
import { readTransfers } from './read-transfers.mjs'

const input = process.env['INPUT_FOLDER'] ?? '/data/input'
const output = process.env['OUTPUT_FOLDER'] ?? '/data/output'

const transfers = await readTransfers(input)
const reports = chooseReports([...findCycles(transfers), ...findCollections(transfers)])
const lines = reports.map((report) => `${JSON.stringify(report)}\n`)
writeFileSync(join(output, 'patterns.jsonl'), lines.join(''))
console.log(`${transfers.length} transfers read, ${reports.length} patterns reported`)
