import { defineCommand, numberFromText, type ProgramCommand, runForCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { passText } from '../cycles/cycle-text.ts'
import { runWeightCycleTask, type WeightCyclePass } from '../cycles/run-weight-cycle.ts'
import { watchCycles } from '../cycles/watch-cycles.ts'
import { chainFlags, chainFlagsShape, withChain } from './chain-flags.ts'
import { topFlag, topFlagSchema } from './top-flag.ts'
import { passOutcome } from './weights-submit.ts'

const examples = `
Looks at the chain again and again: submits when there are new scores and the chain takes them, and follows each
submission until an epoch ran on it. Ctrl-C ends it at any time; what is on its way is found again.

Examples:
  $ validator weights watch
  $ validator weights watch --until-settled       ends when the newest weights are in effect, or failed
`

/** `validator weights watch`: submits and follows, for ever or until the newest weights are settled. */
export function weightsWatchCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'watch',
    description: 'submit weights as scores come, and follow them until they are in effect',
    options: z.strictObject({
      ...chainFlagsShape,
      top: topFlagSchema,
      every: numberFromText(z.int().min(10).max(3_600_000)).optional(),
      untilSettled: z.boolean().default(false),
    }),
    flags: (command) => {
      topFlag(chainFlags(command))
        .option('--every <ms>', 'milliseconds between two looks; a block without it')
        .option('--until-settled', 'end once the newest weights are in effect, or failed')
        .addHelpText('after', examples)
    },
    run: async ({ top, every, untilSettled, ...flags }, session) =>
      await withChain(config, session, flags, true, async ({ validator, composed }) => {
        const { repositories, newId, worker, clock } = validator
        const { chain, netuid } = composed
        const { log, signal } = session
        const deps = { repositories, chain, newId, worker }
        const context = { netuid, validatorHotkey: config.validatorHotkey, maySubmit: true }
        // A look in every block would fill the log; what changes is told below.
        const quiet = { ...session, log: session.log.child({}, { level: 'warn' }) }
        const pass = async (): Promise<WeightCyclePass> => {
          await composed.prepare({ signal })
          return await runForCommand(runWeightCycleTask, deps, context, quiet, validator)
        }
        const onPass = (found: WeightCyclePass): void => {
          log.info({ cycle: found.cycle?.cycleId, state: found.cycle?.state }, passText(found))
        }
        const everyMs = every ?? flags.blockMs
        const last = await watchCycles({ pass, onPass, untilSettled, everyMs, clock, log, signal })
        return passOutcome(last, top)
      }),
  })
}
