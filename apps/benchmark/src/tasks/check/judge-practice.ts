import { type ImageType, isInputError } from '@subnetkit/core'

import type { EpochScore } from '../../scoring/rule-set.ts'
import { getRuleSet } from '../../scoring/rule-sets.ts'
import type { PatternOutcome, ScoreOutcome } from '../../scoring/run-result.ts'
import type { Verdict } from '../../validation/pattern-verdict.ts'
import type { JudgedDataset } from '../../validation/read-judged-dataset.ts'
import { reportedPatternSchema } from '../../validation/reported-pattern.ts'
import { validatePatterns } from '../../validation/validate-patterns.ts'
import { validateScores } from '../../validation/validate-scores.ts'
import { readReportFile } from '../runs/report-file.ts'

/** A kind of pattern: how many were planted, reported and found. */
export interface FamilyCount {
  readonly patternType: string
  readonly planted: number
  readonly reported: number
  readonly found: number
}

/** A row that earned nothing, and why. */
export interface RefusedRow {
  /** From 1. */
  readonly row: number
  readonly verdict: Verdict
  readonly text: string
}

/** What a practice report came to; `problem` stands where it was refused as a whole. */
export interface PracticeJudgement {
  readonly outcome: PatternOutcome | ScoreOutcome | null
  readonly problem: string | null
  /** By type; empty for risk scores. */
  readonly families: readonly FamilyCount[]
  /** The first rows that earned nothing. */
  readonly refusedRows: readonly RefusedRow[]
  readonly score: EpochScore | null
}

/** A practice run that has ended well. */
export interface JudgePracticeParams {
  readonly imageType: ImageType
  readonly dataset: JudgedDataset
  readonly outputFolder: string
  readonly network: string
  readonly processingDate: string
  readonly windowDays: number
  readonly executionMs: number
  readonly timeLimitMs: number
  readonly ruleSet: string
  readonly signal: AbortSignal
}

const SHOWN_ROWS = 10

/**
 * Judges a practice report by the rules of contests, and scores it as if this were its only run and the baseline were
 * just as fast.
 */
export async function judgePractice(params: JudgePracticeParams): Promise<PracticeJudgement> {
  const { imageType, outputFolder, signal } = params
  try {
    return imageType === 'ml'
      ? await judgePracticeScores(params)
      : await judgePracticePatterns(params, readReportFile(outputFolder, 'patterns.jsonl', signal))
  } catch (error) {
    if (!isInputError(error) || error.field !== 'output') throw error
    return { outcome: null, problem: error.message, families: [], refusedRows: [], score: null }
  }
}

async function judgePracticeScores(params: JudgePracticeParams): Promise<PracticeJudgement> {
  const { dataset, outputFolder, signal } = params
  const { transfers, truth } = dataset
  const rows = readReportFile(outputFolder, 'scores.jsonl', signal)
  const outcome = await validateScores(rows, { transfers, culprits: truth.culprits }, signal)
  return { outcome, problem: null, families: [], refusedRows: [], score: scoreOf(params, outcome) }
}

async function judgePracticePatterns(
  params: JudgePracticeParams,
  rows: AsyncIterable<readonly unknown[]>,
): Promise<PracticeJudgement> {
  const { transfers, truth } = params.dataset
  const { tracing } = getRuleSet(params.ruleSet)
  const reported = new Map<string, number>()
  const outcome = await validatePatterns(
    countingTypes(rows, reported),
    { transfers, patterns: truth.patterns, tracing },
    params.signal,
  )
  const typeOf = new Map(truth.patterns.map(({ id, patternType }) => [id, patternType]))
  const planted = countBy(truth.patterns.map(({ patternType }) => patternType))
  const found = countBy(outcome.matches.map(({ patternId }) => typeOf.get(patternId) ?? ''))
  const families = [...new Set([...planted.keys(), ...reported.keys()])].sort().map((patternType) => ({
    patternType,
    planted: planted.get(patternType) ?? 0,
    reported: reported.get(patternType) ?? 0,
    found: found.get(patternType) ?? 0,
  }))
  const refusedRows: RefusedRow[] = []
  for (let report = 0; report < outcome.reported && refusedRows.length < SHOWN_ROWS; report++) {
    const { verdict, text } = outcome.explain(report)
    if (verdict !== 'found') refusedRows.push({ row: report + 1, verdict, text })
  }
  return { outcome, problem: null, families, refusedRows, score: scoreOf(params, outcome) }
}

async function* countingTypes(
  batches: AsyncIterable<readonly unknown[]>,
  counts: Map<string, number>,
): AsyncGenerator<readonly unknown[]> {
  for await (const batch of batches) {
    for (const row of batch) {
      const parsed = reportedPatternSchema.shape.pattern_type.safeParse(typeIn(row))
      if (parsed.success) counts.set(parsed.data, (counts.get(parsed.data) ?? 0) + 1)
    }
    yield batch
  }
}

function typeIn(row: unknown): unknown {
  return typeof row === 'object' && row !== null && 'pattern_type' in row ? row.pattern_type : undefined
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function scoreOf(
  { executionMs, network, processingDate, ruleSet, timeLimitMs, windowDays }: JudgePracticeParams,
  outcome: PatternOutcome | ScoreOutcome,
): EpochScore {
  const key = { testDate: processingDate, network, windowDays }
  return getRuleSet(ruleSet).score({
    expected: [key],
    runs: [{ ...key, status: 'completed', executionMs, outcome: trimmed(outcome) }],
    baselineTimes: [{ network, executionMs }],
    timeLimitMs,
  })
}

/** The numbers alone, which is what a stored run keeps. */
function trimmed(outcome: PatternOutcome | ScoreOutcome): PatternOutcome | ScoreOutcome {
  const { kind, reported, expected, badData, fabricated } = outcome
  if (kind === 'patterns') return { kind, reported, expected, badData, fabricated, found: outcome.found }
  const { scored, coverage, areaUnderCurve } = outcome
  return { kind, reported, expected, badData, fabricated, scored, coverage, areaUnderCurve }
}
