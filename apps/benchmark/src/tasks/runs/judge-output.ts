import { type BenchmarkEpoch, type BenchmarkRun, isInputError } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import type { ContestSettings } from '../../contest-settings.ts'
import type { ReadyDataset } from '../../ports/dataset-store.ts'
import { getRuleSet } from '../../scoring/rule-sets.ts'
import { countFeatures } from '../../validation/feature-table.ts'
import type { EndedRun } from './ended-run.ts'
import { judgedDataset } from './judged-dataset-cache.ts'
import { judgePatterns, type JudgeParams } from './judge-patterns.ts'
import { judgeScores } from './judge-scores.ts'
import { readReportFile } from './report-file.ts'

/** What a run's output came to. */
export type JudgedOutput = Pick<BenchmarkRun, 'outcome' | 'features' | 'errorMessage'>

/** Whose output is judged, and by what. */
export interface JudgeOutputParams {
  readonly run: Pick<BenchmarkRun, 'runId' | 'imageType'>
  readonly epoch: Pick<BenchmarkEpoch, 'minerDatabaseName'>
  readonly contest: ContestSettings
  readonly dataset: ReadyDataset
  readonly ended: Pick<EndedRun, 'files' | 'refused'>
  readonly outputFolder: string
  readonly signal: AbortSignal
}

const FEATURES = 'features.jsonl'
const MAX_MESSAGE = 2_000

/**
 * Judges what a program left, against the dataset that it saw, and stores its rows with their verdicts; rows of an
 * earlier try go first. An output that is missing, or larger than any may be, has no outcome and a sentence that says why.
 */
export async function judgeOutput(
  deps: Pick<BenchmarkDeps, 'datasets' | 'repositories'>,
  params: JudgeOutputParams,
): Promise<JudgedOutput> {
  const { run, epoch, ended, outputFolder, signal } = params
  const { minerOutputs } = deps.repositories
  const { runId, imageType } = run
  const minerDatabase = epoch.minerDatabaseName
  await minerOutputs.clear({ minerDatabase, runId, imageType }, { signal })
  const report = imageType === 'ml' ? 'scores.jsonl' : 'patterns.jsonl'
  const problems: string[] = []
  const features = await readFeatures(params, problems)
  if (!ended.files.includes(report)) {
    problems.unshift(
      ended.refused.includes(report)
        ? `${report} is no regular file and was not read`
        : `the program wrote no ${report} into its output folder`,
    )
    return { outcome: null, features, errorMessage: messageOf(problems) }
  }
  const dataset = await judgedDataset(deps.datasets, params.dataset, signal)
  const openReport = (): AsyncIterable<readonly unknown[]> => readReportFile(outputFolder, report, signal)
  const judging: JudgeParams = { runId, minerDatabase, minerOutputs, dataset, openReport, signal }
  try {
    const outcome =
      imageType === 'ml'
        ? await judgeScores(judging)
        : await judgePatterns({ ...judging, tracing: getRuleSet(params.contest.ruleSet).tracing })
    return { outcome, features, errorMessage: messageOf(problems) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    await minerOutputs.clear({ minerDatabase, runId, imageType }, { signal })
    problems.unshift(`${report} was refused: ${error.message}`)
    return { outcome: null, features, errorMessage: messageOf(problems) }
  }
}

async function readFeatures(
  { ended, outputFolder, signal }: JudgeOutputParams,
  problems: string[],
): Promise<JudgedOutput['features']> {
  if (!ended.files.includes(FEATURES)) return null
  try {
    return await countFeatures(readReportFile(outputFolder, FEATURES, signal))
  } catch (error) {
    if (!isRefusal(error)) throw error
    problems.push(`${FEATURES} was not counted: ${error.message}`)
    return null
  }
}

/** The miner's own fault; every other failure is ours and is thrown. */
function isRefusal(error: unknown): error is Error {
  return isInputError(error) && error.field === 'output'
}

function messageOf(problems: readonly string[]): string | null {
  return problems.length === 0 ? null : problems.join('; ').slice(0, MAX_MESSAGE)
}
