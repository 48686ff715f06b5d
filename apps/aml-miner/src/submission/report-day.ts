import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { type Clock, type DayKey, InputError, type Logger, runTask } from '@subnetkit/core'

import { detect } from '../detection/detect.ts'
import { readDetectionInput } from '../tasks/detect-patterns.ts'
import { ingestTask, type MinerDeps } from '../tasks/miner-tasks.ts'
import { selectReports } from './select-reports.ts'

/** One run of the submission. */
export interface ReportDayParams {
  readonly key: DayKey
  readonly inputFolder: string
  readonly outputFolder: string
}

/** What {@link reportDay} needs beside the miner's own. */
export interface ReportDayTools {
  readonly deps: MinerDeps
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
}

/** What a run came to. */
export interface ReportedDay {
  readonly transfers: number
  readonly findings: number
  readonly reports: number
}

/**
 * Loads the benchmark's input with the miner's own task, detects, and writes `patterns.jsonl`: the reports, surest first.
 *
 * @throws InputError when the input folder has no transfers.
 */
export async function reportDay(
  { deps, clock, log, signal }: ReportDayTools,
  { key, inputFolder, outputFolder }: ReportDayParams,
): Promise<ReportedDay> {
  const context = {
    ...key,
    source: await tableIn(inputFolder, 'transfers'),
    transferFile: { columnMap: {}, timestampUnit: 'ms' as const, dayZero: null, amounts: 'keep' as const },
    labelsSource: await tableIn(inputFolder, 'address_labels'),
    isForced: false,
  }
  const ingested = await runTask(ingestTask, deps, context, { clock, random: () => 0.5, logger: log, signal })
  const step = { signal, progress: (message: string) => log.info({}, message) }
  const input = await readDetectionInput(deps, ingested.snapshot, step)
  const { patterns } = await detect(input, {}, signal)
  const reports = selectReports({ patterns }, input.transfers)
  const lines = reports.map((report) => `${JSON.stringify(report)}\n`)
  await writeFile(join(outputFolder, 'patterns.jsonl'), lines.join(''))
  return { transfers: input.transfers.from.length, findings: patterns.length, reports: reports.length }
}

/** The path of a table in whichever of the two formats it came. */
async function tableIn(folder: string, table: string): Promise<string> {
  for (const format of ['parquet', 'jsonl']) {
    const path = join(folder, `${table}.${format}`)
    try {
      await access(path)
      return path
    } catch {
      continue
    }
  }
  throw new InputError({
    field: folder,
    problem: `has neither ${table}.parquet nor ${table}.jsonl`,
    hint: 'mount the day’s dataset there, or name it in INPUT_FOLDER',
  })
}
