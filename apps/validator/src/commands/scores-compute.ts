import { blockNumberSchema, netuidSchema } from '@subnetkit/core'
import {
  type CommandSession,
  defineCommand,
  numberFromText,
  type ProgramCommand,
  runForCommand,
} from '@subnetkit/core/cli'
import { z } from 'zod'

import { composeEnvironments } from '../compose-sampling.ts'
import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { parseRecordSettings } from '../record/record-settings.ts'
import { keepTopSchema } from '../retention/retention-context.ts'
import { leaderboard } from '../scoring/leaderboard.ts'
import { readConfigured } from '../scoring/read-configured.ts'
import { type RecordedScores, recordScores } from '../tasks/record-scores.ts'
import { scoreMinersTask, type ScoredMiners } from '../tasks/score-miners.ts'
import { topFlag, topFlagSchema } from './top-flag.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
The rule, its constants and the burn are configuration: scoring.rule, scoring.layers, scoring.burn, environment.<name>.
Published scores go into the record too, and what an earlier call could not put there is caught up.

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
      netuid: numberFromText(netuidSchema),
      top: topFlagSchema,
    }),
    flags: (command) => {
      topFlag(command)
        .option(
          '--block <n>',
          'block of the scores; without it that of the newest sample, or the next free one',
        )
        .option('--keep-top <n>', 'ranks whose samples are kept for ever, 0 to 32', '3')
        .option('--netuid <n>', 'the subnet that the record has the scores under', '1')
        .addHelpText('after', examples)
    },
    run: async ({ block, keepTop, netuid, top }, session) =>
      await withReadyValidator(config, session, async (validator) => {
        await using environments = composeEnvironments(config)
        const deps = {
          repositories: validator.repositories,
          environments: new Map(environments.all.map((environment) => [environment.name, environment])),
        }
        const context = { validatorHotkey: config.validatorHotkey, blockNumber: block ?? null, keepTop }
        const scored = await runForCommand(scoreMinersTask, deps, context, session, validator)
        const { snapshot, scores } = scored
        const recorded = await recordIfPossible(validator, session, netuid)
        const board = leaderboard({ snapshot, scores, top, width: process.stdout.columns ?? 80 })
        const text = `${board}\n${outcomeText(scored)}${recordedText(recorded)}`
        return { value: { ...scored, recorded }, text }
      }),
  })
}

/** The scores are published whatever becomes of the record. */
async function recordIfPossible(
  validator: Validator,
  { log, signal }: CommandSession,
  netuid: number,
): Promise<RecordedScores | null> {
  const { repositories, now } = validator
  try {
    const settings = parseRecordSettings(await readConfigured(repositories.systemConfig, { signal }))
    if (!settings.enableRealtimeUpdates) return null
    await using record = await validator.openRecord({ signal })
    const { taskScores } = record.repositories
    return await recordScores({ ...repositories, taskScores }, { netuid, now: now() }, { signal })
  } catch (error) {
    signal.throwIfAborted()
    log.warn(
      { err: error },
      'scores are published, but the record does not have them; the next validator scores compute puts them there',
    )
    return null
  }
}

function recordedText(recorded: RecordedScores | null): string {
  if (recorded === null || recorded.snapshots === 0) return ''
  const { rows, leftOut } = recorded
  const without = leftOut === 0 ? '' : `; miners without a uid have none: ${leftOut}`
  return `\nRows in the record: ${rows}${without}.`
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
