// What is left behind: waits until the run is over, then does the work.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { chooseReports } from './choose-reports.mjs'
import { findCycles } from './find-cycles.mjs'
import { readTransfers } from './read-transfers.mjs'

const reports = chooseReports(findCycles(await readTransfers(process.env['INPUT_FOLDER'])))
await sleep(3_000)
const lines = reports.map((report) => `${JSON.stringify(report)}\n`)
writeFileSync(join(process.env['OUTPUT_FOLDER'], 'patterns.jsonl'), lines.join(''))
