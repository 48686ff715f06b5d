// Four simple detectors, each for one shape.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { chooseReports } from './choose-reports.mjs'
import { findCollections } from './find-collections.mjs'
import { findCycles } from './find-cycles.mjs'
import { findSplits } from './find-splits.mjs'
import { findTrades } from './find-trades.mjs'
import { readTransfers } from './read-transfers.mjs'

const transfers = await readTransfers(process.env['INPUT_FOLDER'])
const findings = [findCycles, findCollections, findTrades, findSplits].flatMap((find) => find(transfers))
const reports = chooseReports(findings)
const lines = reports.map((report) => `${JSON.stringify(report)}\n`)
writeFileSync(join(process.env['OUTPUT_FOLDER'], 'patterns.jsonl'), lines.join(''))
console.log(`${reports.length} patterns reported`)
