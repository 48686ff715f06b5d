import { dayFlagsSchema, defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { scoreTask } from '../tasks/miner-tasks.ts'
import type { ScoredBatch } from '../tasks/score-batch.ts'
import { minerDayFlags, withReadyMiner } from './day-command.ts'

/** `score`: scores, ranks and clusters a day's alerts. */
export function scoreCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'score',
    description: 'score and rank the alerts of a day, and score its clusters',
    options: dayFlagsSchema.extend({ force: z.boolean().default(false) }),
    flags: (command) =>
      minerDayFlags(config)(command)
        .option('--force', 'score again although the same inputs were scored by the same models')
        .addHelpText('after', '\nExample:\n  $ aml-miner score --network torus --date 2025-08-01'),
    run: async ({ date, force, network, windowDays }, session) =>
      await withReadyMiner(config, network, session, async (miner) => {
        const context = { network, processingDate: date, windowDays, isForced: force }
        const scored = await runForCommand(scoreTask, miner.deps, context, session, miner)
        return { value: scored, text: scoredText(scored) }
      }),
  })
}

/** What scoring did. */
export function scoredText({ alreadyCompleted, batch }: ScoredBatch): string {
  return `batch ${batch.batchId} ${alreadyCompleted ? 'was completed already' : 'is completed'}: ${batch.outputCountsAlertScores} alerts scored and ranked, ${batch.outputCountsClusterScores} clusters scored in ${batch.latenciesMsTotal} ms, results ${batch.resultsHash ?? ''}`
}
