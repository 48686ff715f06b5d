import { blockNumberSchema } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { composeEnvironments } from '../compose-sampling.ts'
import type { Config } from '../config.ts'
import { keepTopSchema } from '../retention/retention-context.ts'
import { leaderboard } from '../scoring/leaderboard.ts'
import { scoreMinersTask, type ScoredMiners } from '../tasks/score-miners.ts'
import { topFlag, topFlagSchema } from './top-flag.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
The rule, its constants and the burn are configuration: scoring.rule, scoring.layers, scoring.burn, environment.<name>.

Examples:
  $ validator scores compute
  $ validator scores compute --block 5000000 --json
`

/** `validator scores compute`: one scoring now; harmless when nothing has changed. */
export function scoresComputeCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'compute',
    description: 'score all miners once and publish it; the best are protected from clean-ups',
    options: z.strictObject({
      block: numberFromText(blockNumberSchema).optional(),
      keepTop: numberFromText(keepTopSchema.unwrap()),
      top: topFlagSchema,
    }),
    flags: (command) => {
      topFlag(command)
        .option(
          '--block <n>',
          'block of the scores; without it that of the newest sample, or the next free one',
        )
        .option('--keep-top <n>', 'ranks whose samples are kept for ever, 0 to 32', '3')
        .addHelpText('after', examples)
    },
    run: async ({ block, keepTop, top }, session) =>
      await withReadyValidator(config, session, async (validator) => {
        await using environments = composeEnvironments(config)
        const deps = {
          repositories: validator.repositories,
          environments: new Map(environments.all.map((environment) => [environment.name, environment])),
        }
        const context = { validatorHotkey: config.validatorHotkey, blockNumber: block ?? null, keepTop }
        const scored = await runForCommand(scoreMinersTask, deps, context, session, validator)
        const { snapshot, scores } = scored
        const board = leaderboard({ snapshot, scores, top, width: process.stdout.columns ?? 80 })
        return { value: scored, text: `${board}\n${outcomeText(scored)}` }
      }),
  })
}

function outcomeText({ outcome, isLatest, newlyProtected, snapshot }: ScoredMiners): string {
  const what =
    outcome === 'unchanged'
      ? 'Nothing has changed since the latest scores.'
      : isLatest
        ? `Published as ${snapshot.snapshotId}, now the latest.`
        : `Published as ${snapshot.snapshotId}; scores of a later block stay the latest.`
  return newlyProtected === 0 ? what : `${what} Models newly protected: ${newlyProtected}.`
}
