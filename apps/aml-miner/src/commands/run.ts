import { defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'

import type { Config } from '../config.ts'
import { runDayTask } from '../tasks/miner-tasks.ts'
import { minerDayFlags, withReadyMiner } from './day-command.ts'
import { detectedText } from './detect.ts'
import { ingestedText } from './ingest.ts'
import { ingestContextOf, inputFlags, inputFlagsSchema } from './input-flags.ts'
import { scoredText } from './score.ts'

/** `run`: the whole day. */
export function runCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'run',
    description: 'the whole day: ingest, detect when the inputs are transfers, score',
    options: inputFlagsSchema,
    flags: (command) =>
      inputFlags(minerDayFlags(config)(command)).addHelpText(
        'after',
        '\nExample:\n  $ aml-miner run --network torus --date 2025-08-01 --transfers ./transfers.parquet --labels ./address_labels.parquet',
      ),
    run: async (flags, session) => {
      const context = ingestContextOf(flags)
      return await withReadyMiner(config, context.network, session, async (miner) => {
        const day = await runForCommand(runDayTask, miner.deps, context, session, miner)
        const steps = [
          ingestedText(day.ingested),
          ...(day.detected === null ? [] : [detectedText(day.detected)]),
          scoredText(day.scored),
        ]
        return { value: day, text: steps.join('\n') }
      })
    },
  })
}
