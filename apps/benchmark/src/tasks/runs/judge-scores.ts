import type { BenchmarkOutcome, JudgedScore } from '@subnetkit/core'

import { reportedScoreSchema } from '../../validation/reported-score.ts'
import type { TransferIndex } from '../../validation/transfer-index.ts'
import { validateScores } from '../../validation/validate-scores.ts'
import type { JudgeParams } from './judge-patterns.ts'

/** How often an account was scored; two stands for more. */
const MANY = 2

/**
 * Judges risk scores and stores each row with its verdict. The report is read twice: that an account is scored again is
 * known only at its second row.
 *
 * @throws InputError of the field `output` when the report is larger than any may be.
 */
export async function judgeScores(params: JudgeParams): Promise<BenchmarkOutcome> {
  const { dataset, minerDatabase, minerOutputs, openReport, runId, signal } = params
  const { transfers, truth } = dataset
  const timesScored = new Uint8Array(transfers.accounts)
  const judgement = { transfers, culprits: truth.culprits }
  const validation = await validateScores(counting(openReport(), transfers, timesScored), judgement, signal)
  const rows = scoreRows(runId, openReport(), transfers, timesScored)
  await minerOutputs.putScores({ minerDatabase, rows }, { signal })
  const { kind, reported, expected, scored, badData, fabricated } = validation
  const { coverage, areaUnderCurve, precisionAtRecall80, calibrationError } = validation
  return {
    kind,
    reported,
    expected,
    scored,
    badData,
    fabricated,
    coverage,
    areaUnderCurve,
    precisionAtRecall80,
    calibrationError,
  }
}

async function* counting(
  batches: AsyncIterable<readonly unknown[]>,
  transfers: TransferIndex,
  timesScored: Uint8Array,
): AsyncGenerator<readonly unknown[]> {
  for await (const batch of batches) {
    yield batch
    for (const row of batch) {
      const parsed = reportedScoreSchema.safeParse(row)
      const account = parsed.success ? transfers.accountOf(parsed.data.address) : -1
      if (account >= 0) timesScored[account] = Math.min(MANY, (timesScored[account] ?? 0) + 1)
    }
  }
}

async function* scoreRows(
  runId: string,
  batches: AsyncIterable<readonly unknown[]>,
  transfers: TransferIndex,
  timesScored: Uint8Array,
): AsyncGenerator<JudgedScore> {
  let rowNumber = 0
  for await (const batch of batches) {
    for (const row of batch) {
      rowNumber += 1
      const parsed = reportedScoreSchema.safeParse(row)
      if (!parsed.success) {
        yield { runId, rowNumber, address: '', riskScore: null, verdict: 'malformed' }
        continue
      }
      const { address, risk_score: riskScore } = parsed.data
      const account = transfers.accountOf(address)
      if (account < 0) yield { runId, rowNumber, address, riskScore: null, verdict: 'unknown_address' }
      else if ((timesScored[account] ?? 0) >= MANY)
        yield { runId, rowNumber, address, riskScore: null, verdict: 'repeated_address' }
      else yield { runId, rowNumber, address, riskScore, verdict: 'accepted' }
    }
  }
}
