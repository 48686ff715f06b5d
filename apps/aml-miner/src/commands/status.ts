import type { Batch, Snapshot } from '@subnetkit/core'
import { networkSchema } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import Table from 'cli-table3'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { withReadyMiner } from './day-command.ts'

/** `status`: what inputs and results a network has. */
export function statusCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'status',
    description: 'show the snapshots and batches of a network, newest first',
    options: z.strictObject({
      network: networkSchema,
      limit: numberFromText(z.int().min(1).max(1000)),
    }),
    flags: (command) =>
      command
        .option('--network <name>', 'network, for example torus', config.network)
        .option('--limit <count>', 'snapshots and batches that are shown, 1 to 1000', '10')
        .addHelpText('after', '\nExample:\n  $ aml-miner status --network torus'),
    run: async ({ limit, network }, session) =>
      await withReadyMiner(config, network, session, async ({ deps }) => {
        const { signal } = session
        const snapshots = await deps.repositories.snapshots.list({ network, limit }, { signal })
        const batches = await deps.repositories.batches.list({ network, limit }, { signal })
        return {
          value: { network, snapshots: snapshots.items, batches: batches.items },
          text: statusText(snapshots.items, batches.items),
        }
      }),
  })
}

function statusText(snapshots: readonly Snapshot[], batches: readonly Batch[]): string {
  if (snapshots.length === 0) return 'no snapshots yet; load one: aml-miner ingest --help'
  const inputs = new Table({
    head: ['date', 'window', 'kind', 'status', 'alerts', 'transfers', 'changed'],
    style,
  })
  for (const snapshot of snapshots) {
    const { countAlerts, countTransfers, kind, processingDate, status, updatedAt, windowDays } = snapshot
    inputs.push([
      processingDate,
      windowDays,
      kind,
      status,
      countAlerts,
      countTransfers,
      updatedAt.toISOString(),
    ])
  }
  const results = new Table({
    head: ['date', 'window', 'batch', 'try', 'status', 'alerts', 'ended', 'error'],
    style,
  })
  for (const batch of batches) {
    const { attempt, batchId, errorMessage, processedAt, processingDate, status, windowDays } = batch
    results.push([
      processingDate,
      windowDays,
      batchId.slice(0, 12),
      attempt,
      status,
      batch.outputCountsAlertScores,
      processedAt.toISOString(),
      errorMessage.replaceAll(/\p{Cc}/gu, ' ').slice(0, 60),
    ])
  }
  return `Snapshots\n${inputs.toString()}\n\nBatches\n${batches.length === 0 ? '(none)' : results.toString()}`
}

const style = { head: [], border: [], compact: true }
