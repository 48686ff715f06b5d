import type { BenchmarkRun, BenchmarkRunContext, Task } from '@subnetkit/core'
import { utcDateSchema, uuidSchema } from '@subnetkit/core'
import { dayFlags, dayFlagsSchema, defineCommand, type ProgramCommand } from '@subnetkit/core/cli'

import type { BenchmarkDeps } from '../benchmark-deps.ts'
import { performRunTask } from '../tasks/runs/perform-run.ts'
import { validateRunTask } from '../tasks/runs/validate-run.ts'
import { examplesText } from './command-group.ts'
import { sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { visible } from './plain-table.ts'
import { withRecords } from './with-records.ts'

const EPOCH = 'b2b7a1d0-5c1e-8f1a-9d15-0d8a3c1f2b4e'
const { sandbox, allowLocal } = sandboxFlagsShape

/** `benchmark run`. */
export const runCommand: ProgramCommand = oneRunCommand({
  name: 'run',
  description: 'run the submission of an epoch on one day, network and window, and judge what comes out',
  task: performRunTask,
  needs: ['writer', 'sandbox'],
})

/** `benchmark validate`. */
export const validateCommand: ProgramCommand = oneRunCommand({
  name: 'validate',
  description: 'judge what a run left on this machine when it was stopped before it was judged',
  task: validateRunTask,
  needs: ['writer'],
})

function oneRunCommand(spec: {
  readonly name: string
  readonly description: string
  readonly task: Task<BenchmarkDeps, BenchmarkRunContext, BenchmarkRun>
  readonly needs: readonly ('writer' | 'sandbox')[]
}): ProgramCommand {
  const { name, description, task, needs } = spec
  return defineCommand({
    name,
    description,
    options: dayFlagsSchema.extend({
      epoch: uuidSchema,
      processingDate: utcDateSchema.optional(),
      sandbox,
      allowLocal,
    }),
    flags: (command) => {
      dayFlags(command, { network: 'torus', windowDays: 30 })
      command
        .requiredOption('--epoch <id>', 'which epoch')
        .option('--processing-date <YYYY-MM-DD>', 'end of the window, when it is not --date')
      sandboxFlags(command, { hasWorkers: false })
      command.addHelpText('after', examplesText([`${name} --epoch ${EPOCH} --date 2025-08-01`]))
    },
    run: async ({ date, epoch: epochId, processingDate, network, windowDays, ...flags }, session) =>
      await withRecords(
        session,
        { isLocalAllowed: flags.allowLocal, sandboxKind: flags.sandbox, needs },
        async ({ benchmark: { deps }, perform }) => {
          const { signal } = session
          const { hotkey, imageType } = await deps.repositories.benchmarkEpochs.get({ epochId }, { signal })
          const key = { epochId, hotkey, imageType, testDate: date, network, windowDays }
          const known = await deps.repositories.benchmarkRuns.find(key, { signal })
          const run = await perform(task, deps, {
            ...key,
            runOrder: known?.runOrder ?? 0,
            processingDate: processingDate ?? known?.processingDate ?? date,
          })
          return { value: run, text: runText(run), exitCode: run.outcome === null ? 1 : 0 }
        },
      ),
  })
}

function runText(run: BenchmarkRun): string {
  const { status, executionMs, outcome, errorMessage, sandbox: where } = run
  const time = executionMs === null ? '' : ` after ${(executionMs / 1_000).toFixed(1)} s in ${where ?? '?'}`
  const came =
    outcome === null
      ? ''
      : outcome.kind === 'patterns'
        ? `: ${outcome.found} of ${outcome.expected} patterns found by ${outcome.reported} reports`
        : `: ${outcome.scored} of ${outcome.expected} accounts scored, AUC ${outcome.areaUnderCurve.toFixed(3)}`
  const why = errorMessage === null ? '' : `\n${visible(errorMessage)}`
  return `${status}${time}${came}${why}`
}
