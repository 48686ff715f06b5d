import { type CommandOutcome, defineCommand, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { cycleText, passText } from '../cycles/cycle-text.ts'
import { runWeightCycleTask, type WeightCyclePass } from '../cycles/run-weight-cycle.ts'
import { chainFlags, chainFlagsShape, withChain } from './chain-flags.ts'
import { topFlag, topFlagSchema } from './top-flag.ts'
import { recordFlags, recordFlagsShape, withRecord } from './with-record.ts'

const examples = `
Submits the newest scores as weights, if there is something to submit and the chain takes it now; else says why not.
Burn, owner and mechanism are configuration:
  $ validator config set weights.submission '{"burnTo": "owner", "mechanism": "auto"}' --type json

Examples:
  $ validator weights submit
  $ validator weights submit --netuid 1 --json
`

/** `validator weights submit`: one pass; exit code 1 when weights should have been submitted and were not. */
export function weightsSubmitCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'submit',
    description: 'send the newest scores as weights, once',
    options: z.strictObject({ ...chainFlagsShape, ...recordFlagsShape, top: topFlagSchema }),
    flags: (command) => {
      topFlag(recordFlags(chainFlags(command))).addHelpText('after', examples)
    },
    run: async ({ top, recordWait, ...flags }, session) =>
      await withChain(config, session, flags, true, async ({ validator, composed }) => {
        await composed.prepare({ signal: session.signal })
        const { repositories, newId, worker } = validator
        const { validatorHotkey } = config
        const { chain, netuid } = composed
        return await withRecord(
          { validator, session, netuid, validatorHotkey, recordWait },
          async ({ record }) => {
            const deps = { repositories, chain, newId, worker, onCycle: record.note }
            const context = { netuid, validatorHotkey, maySubmit: true }
            const pass = await record.around(
              async () => await runForCommand(runWeightCycleTask, deps, context, session, validator),
            )
            return passOutcome(pass, top)
          },
        )
      }),
  })
}

/** What a pass came to, for a person and for a program. */
export function passOutcome(pass: WeightCyclePass, top: number): CommandOutcome {
  const { cycle, decision } = pass
  const parts = [...(cycle === null ? [] : [cycleText(cycle, top)]), passText(pass)]
  const hasFailed = decision.kind === 'refuse' || cycle?.state === 'failed'
  return { value: pass, text: parts.join('\n'), exitCode: hasFailed ? 1 : 0 }
}
