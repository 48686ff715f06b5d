import { defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import type { IngestedTransfers } from '../tasks/ingest-transfers.ts'
import { ingestTask } from '../tasks/miner-tasks.ts'
import { minerDayFlags, withReadyMiner } from './day-command.ts'
import { ingestContextOf, inputFlags, inputFlagsSchema } from './input-flags.ts'

/** `ingest`: loads a published snapshot or raw transfers. */
export function ingestCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'ingest',
    description: 'load the inputs of a day: a published snapshot, or raw transfers',
    options: inputFlagsSchema,
    flags: (command) =>
      inputFlags(minerDayFlags(config)(command)).addHelpText(
        'after',
        `
Examples:
  $ aml-miner ingest --network torus --date 2025-08-01 --window-days 195 --snapshot ./snapshots/torus/2025-08-01/195
  $ aml-miner ingest --network torus --date 2025-08-01 --snapshot s3://data-pipeline/snapshots/torus/2025-08-01/30
  $ aml-miner ingest --network amlsim --date 2025-05-31 --window-days 150 --transfers transactions.csv.gz --preset amlsim`,
      ),
    run: async (flags, session) => {
      const context = ingestContextOf(flags)
      return await withReadyMiner(config, context.network, session, async (miner) => {
        const ingested = await runForCommand(ingestTask, miner.deps, context, session, miner)
        return { value: ingested, text: ingestedText(ingested) }
      })
    },
  })
}

/** What ingesting did, in one line or two. */
export function ingestedText({ alreadyReady, outsideWindow, snapshot }: IngestedTransfers): string {
  const counts = [
    [snapshot.countTransfers, 'transfers'],
    [snapshot.countAlerts, 'alerts'],
    [snapshot.countFeatures, 'feature rows'],
    [snapshot.countClusters, 'clusters'],
    [snapshot.countMoneyFlows, 'money flows'],
    [snapshot.countAddressLabels, 'address labels'],
  ] as const
  const shown = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  const outside = outsideWindow === 0 ? '' : `; ${outsideWindow} transfers outside the window were left out`
  return `snapshot ${snapshot.snapshotId} ${alreadyReady ? 'was there already' : 'is ready'}: ${shown.join(', ')}${outside}`
}
