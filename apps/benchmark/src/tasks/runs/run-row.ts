import type { BenchmarkEpoch, BenchmarkRun, BenchmarkRunContext, BenchmarkRunKey } from '@subnetkit/core'

import { runIdOf } from '../../benchmark-ids.ts'
import { describeRunEnd } from './describe-run-end.ts'
import type { EndedRun } from './ended-run.ts'
import type { JudgedOutput } from './judge-output.ts'

/** The key in what a run's task is told. */
export function runKeyOf({
  epochId,
  hotkey,
  imageType,
  testDate,
  network,
  windowDays,
}: BenchmarkRunContext): BenchmarkRunKey {
  return { epochId, hotkey, imageType, testDate, network, windowDays }
}

/** Whether nothing more will happen to a run. */
export function isFinalRun({ status }: Pick<BenchmarkRun, 'status'>): boolean {
  return status === 'completed' || status === 'timeout' || status === 'failed'
}

/** A run that has not been started. Nothing about it is true by default. */
export function newRun(context: BenchmarkRunContext, epoch: BenchmarkEpoch, now: Date): BenchmarkRun {
  const key = runKeyOf(context)
  return {
    ...key,
    runId: runIdOf(key),
    tournamentId: epoch.tournamentId,
    participantType: epoch.participantType,
    runOrder: context.runOrder,
    processingDate: context.processingDate,
    status: 'pending',
    attempts: 0,
    datasetSha256: null,
    sandbox: null,
    executionMs: null,
    exitCode: null,
    memoryPeakBytes: null,
    outputBytes: null,
    outcome: null,
    features: null,
    errorMessage: null,
    isDisqualified: false,
    disqualificationReason: null,
    createdAt: now,
    startedAt: null,
    completedAt: null,
  }
}

/** What a program's end says of its run, before its output is judged. */
export function withEnd(run: BenchmarkRun, ended: EndedRun): BenchmarkRun {
  return {
    ...run,
    datasetSha256: ended.datasetSha256,
    sandbox: ended.sandbox,
    executionMs: ended.executionMs,
    exitCode: ended.exitCode,
    memoryPeakBytes: ended.memoryPeakBytes,
    outputBytes: ended.outputBytes,
  }
}

/** A run that went well up to its output, whatever that came to. */
export function completedRun(run: BenchmarkRun, judged: JudgedOutput, now: Date): BenchmarkRun {
  return { ...run, ...judged, status: 'completed', completedAt: now }
}

/** A run whose program did not end well, in words for its miner. */
export function endedBadly(run: BenchmarkRun, ended: EndedRun, now: Date): BenchmarkRun {
  const status = ended.end === 'timeout' ? 'timeout' : 'failed'
  return { ...run, status, errorMessage: describeRunEnd(ended), completedAt: now }
}

/** A run that could not be started because its submission could not be prepared. */
export function neverStarted(run: BenchmarkRun, reason: string, now: Date): BenchmarkRun {
  return { ...run, status: 'failed', errorMessage: reason, completedAt: now }
}
