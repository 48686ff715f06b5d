import {
  type CommandSession,
  defineCommand,
  numberFromText,
  type ProgramCommand,
  runForCommand,
} from '@subnetkit/core/cli'
import { z } from 'zod'

import type { ComposedChain } from '../compose-chain.ts'
import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { passText } from '../cycles/cycle-text.ts'
import { runWeightCycleTask, type WeightCyclePass } from '../cycles/run-weight-cycle.ts'
import { watchCycles } from '../cycles/watch-cycles.ts'
import type { RecordWriter } from '../record/record-writer.ts'
import { chainFlags, chainFlagsShape, withChain } from './chain-flags.ts'
import { keepInSync } from './keep-in-sync.ts'
import { topFlag, topFlagSchema } from './top-flag.ts'
import { passOutcome } from './weights-submit.ts'
import { metricsFlags, metricsFlagsShape, whileServingMetrics } from './serve-metrics.ts'
import { recordFlags, recordFlagsShape, withRecord } from './with-record.ts'

const examples = `
Looks at the chain again and again: submits when there are new scores and the chain takes them, and follows each
submission until an epoch ran on it. Ctrl-C ends it at any time; what is on its way is found again. Beside it, miners are
synced with the chain as by "miners sync", every stats.record cleanupFrequencyHours.

Examples:
  $ validator weights watch
  $ validator weights watch --until-settled       ends when the newest weights are in effect, or failed
  $ validator weights watch --metrics-port 9101   what is going on, for Prometheus
`

/** `validator weights watch`: submits and follows, for ever or until the newest weights are settled. */
export function weightsWatchCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'watch',
    description: 'submit weights as scores come, and follow them until they are in effect',
    options: z.strictObject({
      ...chainFlagsShape,
      ...recordFlagsShape,
      ...metricsFlagsShape,
      top: topFlagSchema,
      every: numberFromText(z.int().min(10).max(3_600_000)).optional(),
      untilSettled: z.boolean().default(false),
    }),
    flags: (command) => {
      topFlag(metricsFlags(recordFlags(chainFlags(command))))
        .option('--every <ms>', 'milliseconds between two looks; a block without it')
        .option('--until-settled', 'end once the newest weights are in effect, or failed')
        .addHelpText('after', examples)
    },
    run: async ({ top, every, untilSettled, recordWait, metricsHost, metricsPort, ...flags }, session) =>
      await withChain(config, session, flags, true, async ({ validator, composed }) => {
        const { netuid } = composed
        const { validatorHotkey } = config
        return await withRecord(
          { validator, session, netuid, validatorHotkey, recordWait },
          async ({ record, metrics }) =>
            await whileServingMetrics({ metricsHost, metricsPort, metrics, session, validator }, async () => {
              const everyMs = every ?? flags.blockMs
              const watched = { config, session, validator, composed, record, everyMs, untilSettled }
              return passOutcome(await watch(watched), top)
            }),
        )
      }),
  })
}

async function watch(params: {
  readonly config: Config
  readonly session: CommandSession
  readonly validator: Validator
  readonly composed: ComposedChain
  readonly record: RecordWriter
  readonly everyMs: number
  readonly untilSettled: boolean
}): Promise<WeightCyclePass> {
  const { config, session, validator, composed, record, everyMs, untilSettled } = params
  const { repositories, newId, worker, clock } = validator
  const { chain, netuid } = composed
  const { log, signal } = session
  const deps = { repositories, chain, newId, worker, onCycle: record.note }
  const context = { netuid, validatorHotkey: config.validatorHotkey, maySubmit: true }
  // A look in every block would fill the log; what changes is told below.
  const quiet = { ...session, log: session.log.child({}, { level: 'warn' }) }
  const pass = async (): Promise<WeightCyclePass> =>
    await record.around(async () => {
      await composed.prepare({ signal })
      return await runForCommand(runWeightCycleTask, deps, context, quiet, validator)
    })
  const { validatorHotkey } = context
  await using _registrations = keepInSync({ validatorHotkey, session: quiet, validator, composed })
  const onPass = (found: WeightCyclePass): void => {
    log.info({ cycle: found.cycle?.cycleId, state: found.cycle?.state }, passText(found))
  }
  return await watchCycles({ pass, onPass, untilSettled, everyMs, clock, log, signal })
}
