import { createProgram, type Program } from '@subnetkit/core/cli'

import { detectCommand } from './commands/detect.ts'
import { exportCommand } from './commands/export.ts'
import { ingestCommand } from './commands/ingest.ts'
import { initCommand } from './commands/init.ts'
import { reportCommand } from './commands/report.ts'
import { runCommand } from './commands/run.ts'
import { scoreCommand } from './commands/score.ts'
import { serveCommand } from './commands/serve.ts'
import { statusCommand } from './commands/status.ts'
import type { Config } from './config.ts'

/** The miner's program: its commands in the order of a day. */
export function minerProgram(config: Config, version: string): Readonly<Program> {
  return createProgram({
    name: 'aml-miner',
    version,
    description:
      'A miner’s day: ingest a snapshot or transfers, find patterns, score and rank alerts, report and serve.',
    defaults: { dataDir: config.dataDir, logLevel: config.logLevel },
    commands: [
      initCommand(config),
      ingestCommand(config),
      detectCommand(config),
      scoreCommand(config),
      runCommand(config),
      statusCommand(config),
      reportCommand(config),
      exportCommand(config),
      serveCommand(config, version),
    ],
  })
}
