import { mkdir, rm } from 'node:fs/promises'

import type { BenchmarkRunContext } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import type { ReadyDataset } from '../../ports/dataset-store.ts'
import { type EndedRun, isGoodEnd } from './ended-run.ts'
import { writeJsonFile } from '../json-file.ts'
import type { RunPaths } from '../work-paths.ts'

/** One start of a program. */
export interface StartProgramParams {
  readonly runId: string
  readonly context: BenchmarkRunContext
  readonly image: string
  readonly dataset: ReadyDataset
  readonly paths: RunPaths
  readonly timeLimitMs: number
  /** Starts before this one that ended by the program's own fault. */
  readonly faults: number
  readonly signal: AbortSignal
}

/**
 * Starts a program on a dataset and keeps how it ended. What an earlier start left goes first; a container of the same
 * name is removed by the sandbox.
 */
export async function startProgram(
  deps: Pick<BenchmarkDeps, 'isGpuWanted' | 'limits' | 'sandbox'>,
  params: StartProgramParams,
): Promise<EndedRun> {
  const { context, dataset, image, paths, runId, signal } = params
  await rm(paths.folder, { recursive: true, force: true })
  await mkdir(paths.output, { recursive: true, mode: 0o700 })
  const result = await deps.sandbox.run({
    image,
    name: `subnetkit-run-${runId}`,
    inputFolder: dataset.snapshotFolder,
    outputFolder: paths.output,
    environment: {
      NETWORK: context.network,
      WINDOW_DAYS: String(context.windowDays),
      PROCESSING_DATE: context.processingDate,
      IMAGE_TYPE: context.imageType,
      INPUT_FOLDER: '/data/input',
      OUTPUT_FOLDER: '/data/output',
    },
    limits: { ...deps.limits, timeLimitMs: params.timeLimitMs },
    isGpuWanted: deps.isGpuWanted,
    signal,
  })
  signal.throwIfAborted()
  const ended: EndedRun = {
    datasetSha256: dataset.sha256,
    sandbox: deps.sandbox.name,
    faults: params.faults + (isGoodEnd(result) ? 0 : 1),
    end: result.end,
    exitCode: result.exitCode,
    executionMs: result.executionMs,
    memoryPeakBytes: result.memoryPeakBytes,
    outputBytes: result.outputBytes,
    files: [...result.files],
    refused: [...result.refused],
    log: result.log,
  }
  await writeJsonFile(paths.ended, ended)
  return ended
}
