import { hotkeySchema, type Miner, minerPauseSchema } from '@subnetkit/core'
import {
  type CommandOutcome,
  type CommandSession,
  defineCommand,
  numberFromText,
  type ProgramCommand,
} from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { minerHead, minerRow, showMiner } from '../sampling/show-miner.ts'
import { textTable } from '../text-table.ts'
import { withReadyValidator } from './with-validator.ts'

/** A year: longer than that is until somebody resumes it. */
const LONGEST_MINUTES = 525_600
const MINUTE_MS = 60_000

const pauseExamples = `
Examples:
  $ validator miners pause 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --reason "asked for it" --minutes 60
  $ validator miners pause 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --reason "copied answers"
`
const resumeExamples = `
Examples:
  $ validator miners resume 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
`

/** `validator miners pause HOTKEY`: its open tasks wait; running workers see it within seconds. */
export function minersPauseCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'pause',
    description: 'stop sampling a miner, for a time or until it is resumed; its open tasks wait',
    options: z.strictObject({
      hotkey: hotkeySchema,
      reason: minerPauseSchema.shape.reason,
      minutes: numberFromText(z.int().min(1).max(LONGEST_MINUTES)).optional(),
    }),
    flags: (command) => {
      command
        .argument('<hotkey>', 'the miner')
        .requiredOption('--reason <text>', 'why, for those who look at the list')
        .option('--minutes <n>', `how long, 1 to ${LONGEST_MINUTES}; without it until it is resumed`)
        .addHelpText('after', pauseExamples)
    },
    run: async ({ hotkey, reason, minutes }, session) =>
      await changeMiner(config, session, async ({ repositories }, now) => {
        const until = minutes === undefined ? null : new Date(now.getTime() + minutes * MINUTE_MS)
        const { signal } = session
        return await repositories.miners.pause({ hotkey, reason, until, now }, { signal })
      }),
  })
}

/** `validator miners resume HOTKEY`: ends the pause, and the row of faults with it. */
export function minersResumeCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'resume',
    description: 'sample a paused miner again; its row of faults begins anew',
    options: z.strictObject({ hotkey: hotkeySchema }),
    flags: (command) => {
      command.argument('<hotkey>', 'the miner').addHelpText('after', resumeExamples)
    },
    run: async ({ hotkey }, session) =>
      await changeMiner(
        config,
        session,
        async ({ repositories }, now) =>
          await repositories.miners.resume({ hotkey, now }, { signal: session.signal }),
      ),
  })
}

async function changeMiner(
  config: Config,
  session: CommandSession,
  change: (validator: Validator, now: Date) => Promise<Miner>,
): Promise<CommandOutcome> {
  return await withReadyValidator(config, session, async (validator) => {
    const now = validator.now()
    const miner = await change(validator, now)
    return { value: showMiner(miner, now), text: textTable(minerHead, [minerRow(miner, now)]) }
  })
}
