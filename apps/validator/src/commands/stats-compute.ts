import { InputError, isDeregistered, type MinerAtUid, type MinerRepository } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { parseRecordSettings } from '../record/record-settings.ts'
import { readConfigured } from '../scoring/read-configured.ts'
import { readAllMiners } from '../scoring/scored-miners.ts'
import { computeStatistics } from '../tasks/compute-statistics.ts'
import { dayFlagSchema, subnetFlag, subnetFlagShape } from './stats-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const DAY_MS = 86_400_000
const MAX_DAYS = 3_660

const examples = `
Without dates the periods of today are computed, and those that ended since the last time. Attempts are known of the days
that were counted within a week; scores as long as they are kept. All time goes over everything that is stored.

Examples:
  $ validator stats compute
  $ validator stats compute --from 2025-07-01 --to 2025-07-31
`

/** `validator stats compute`: statistics in one go, for whoever does not have them written while weights are made. */
export function statsComputeCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'compute',
    description: 'compute statistics again from what is stored; harmless when repeated',
    options: z.strictObject({
      ...subnetFlagShape,
      from: dayFlagSchema.optional(),
      to: dayFlagSchema.optional(),
    }),
    flags: (command) => {
      subnetFlag(command)
        .option('--from <date>', 'the first day (UTC), as 2025-07-01; without it today')
        .option('--to <date>', 'the last day; without it today')
        .addHelpText('after', examples)
    },
    run: async ({ netuid, from: first, to: last }, session) =>
      await withReadyValidator(config, session, async ({ repositories, now, openRecord }) => {
        const { signal, progress } = session
        const at = now()
        const from = first ?? last ?? at
        const to = new Date((last ?? at).getTime() + DAY_MS)
        checkDays(from, to)
        const configured = await readConfigured(repositories.systemConfig, { signal })
        const { enableDetailedPathways, enableChainIntegration } = parseRecordSettings(configured)
        const miners = await minersAtUids(repositories.miners, signal)
        await using record = await openRecord({ signal })
        const computed = await computeStatistics(
          { record: record.repositories, executionLogs: repositories.executionLogs },
          {
            netuid,
            validatorHotkey: config.validatorHotkey,
            miners,
            from,
            to,
            now: at,
            showsPathways: enableDetailedPathways,
            showsChain: enableChainIntegration,
            progress,
          },
          { signal },
        )
        const { pastPeriods, rows, attempts } = computed
        return {
          value: { miners: miners.length, ...computed },
          text: `Computed: the periods of now and ${pastPeriods} past ones; rows stored: ${rows}, attempts counted: ${attempts}, miners at a uid: ${miners.length}.\nNext: validator stats show`,
        }
      }),
  })
}

function checkDays(from: Date, to: Date): void {
  const days = (to.getTime() - from.getTime()) / DAY_MS
  if (days > 0 && days <= MAX_DAYS) return
  throw new InputError({
    field: '--from',
    value: from.toISOString().slice(0, 10),
    problem: days > 0 ? 'is more than ten years before --to' : 'is after --to',
    hint: 'give the first and the last day of the periods',
  })
}

async function minersAtUids(
  repository: Pick<MinerRepository, 'list'>,
  signal: AbortSignal,
): Promise<readonly MinerAtUid[]> {
  const miners = await readAllMiners(repository, { signal })
  return miners.flatMap((miner) =>
    miner.uid === null || isDeregistered(miner) ? [] : [{ minerUid: miner.uid, minerHotkey: miner.hotkey }],
  )
}
