import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { composeSubmission } from '../compose.ts'
import { readSubmissionConfig } from '../config.ts'
import { reportDay } from './report-day.ts'
import { startEngine } from './start-engine.ts'

const here = import.meta.dirname
const { workFolder, ...params } = readSubmissionConfig()
await using engine = await startEngine(join(here, 'clickhouse-engine.mjs'), workFolder)
await using miner = await composeSubmission({
  url: engine.url,
  network: params.key.network,
  migrations: pathToFileURL(`${join(here, 'migrations')}/`),
})
const { transfers, findings, reports } = await reportDay(miner, params)
process.stdout.write(`${transfers} transfers, ${findings} findings, ${reports} reported\n`)
