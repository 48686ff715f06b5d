import {
  amlDetectContextSchema,
  type AmlIngestContext,
  amlIngestContextSchema,
  amlRunContextSchema,
  amlScoreContextSchema,
  type DayKey,
  defineTask,
  type TaskControl,
} from '@subnetkit/core'

import type { SourceOpener } from '../ports/source-opener.ts'
import { type DayDeps, dayKeyOf, type StepOptions } from './day-steps.ts'
import { type DetectedPatterns, detectPatterns } from './detect-patterns.ts'
import { ingestSnapshot } from './ingest-snapshot.ts'
import { ingestTransfers, type IngestedTransfers } from './ingest-transfers.ts'
import { scoreDay, type ScoredBatch } from './score-batch.ts'

/** What the tasks of a miner's day are given. */
export interface MinerDeps extends DayDeps {
  readonly sources: SourceOpener
}

/** What a whole day gave; `detected` is null when the inputs came with their alerts. */
export interface CompletedDay {
  readonly ingested: IngestedTransfers
  readonly detected: DetectedPatterns | null
  readonly scored: ScoredBatch
}

/** An import takes minutes; what is older was left by a process that was killed. */
const STALE_IMPORT_MS = 6 * 3_600_000

/** Loads a day's inputs. A second run of the same files is recognised by their content. */
export const ingestTask = defineTask({
  name: 'ingest',
  context: amlIngestContextSchema,
  run: async (deps: MinerDeps, context, control): Promise<IngestedTransfers> => {
    const { signal } = control
    const key = dayKeyOf(context)
    const now = deps.clock.now()
    await deps.repositories.snapshotImports.sweep({ now, olderThanMs: STALE_IMPORT_MS }, { signal })
    const labels =
      context.labelsSource === null
        ? {}
        : { labels: await deps.sources.openFile(context.labelsSource, signal) }
    const { isForced } = context
    if (context.transferFile !== null) {
      const file = await deps.sources.openFile(context.source, signal)
      return await ingestTransfers(
        deps,
        { key, file, ...labels, ...transferParams(context.transferFile, key), isForced },
        stepOptions(control),
      )
    }
    await using source = deps.sources.openSnapshot(context.source)
    const loaded = await ingestSnapshot(deps, { key, source, ...labels, isForced }, stepOptions(control))
    return { ...loaded, outsideWindow: 0 }
  },
})

/** Finds patterns in a day's transfers. */
export const detectTask = defineTask({
  name: 'detect',
  context: amlDetectContextSchema,
  run: async (deps: MinerDeps, context, control): Promise<DetectedPatterns> =>
    await detectPatterns(deps, { key: dayKeyOf(context), isForced: context.isForced }, stepOptions(control)),
})

/** Scores, ranks and clusters a day's alerts. */
export const scoreTask = defineTask({
  name: 'score',
  context: amlScoreContextSchema,
  run: async (deps: MinerDeps, context, control): Promise<ScoredBatch> =>
    await scoreDay(deps, { key: dayKeyOf(context), isForced: context.isForced }, stepOptions(control)),
})

/** The whole day. Each step is its own task, so a run that was cut off goes on with the step that it had reached. */
export const runDayTask = defineTask({
  name: 'run',
  context: amlRunContextSchema,
  run: async (deps: MinerDeps, context, control): Promise<CompletedDay> => {
    const step = { ...dayKeyOf(context), isForced: context.isForced }
    const ingested = await control.runNested(ingestTask, deps, context)
    const detected = context.transferFile === null ? null : await control.runNested(detectTask, deps, step)
    return { ingested, detected, scored: await control.runNested(scoreTask, deps, step) }
  },
})

function stepOptions(control: TaskControl): StepOptions {
  return {
    signal: control.signal,
    progress: (stage) => control.progress({ stage, done: 0, total: null, unit: 'rows' }),
  }
}

type TransferFile = NonNullable<AmlIngestContext['transferFile']>
type TransferParams = Pick<Parameters<typeof ingestTransfers>[1], 'columnMap' | 'transfers'>

const DAY_MS = 86_400_000

/** Steps count from the window's first day unless somebody says otherwise. */
function transferParams(
  { amounts, columnMap, dayZero, timestampUnit }: TransferFile,
  { processingDate, windowDays }: DayKey,
): TransferParams {
  const start = new Date(Date.parse(processingDate) - windowDays * DAY_MS).toISOString().slice(0, 10)
  return { columnMap, transfers: { timestampUnit, amounts, dayZero: dayZero ?? start } }
}
