import { ScoreJudge, type ScoreJudgement, type ScoreValidation } from './score-judge.ts'
import type { RowBatches } from './validate-patterns.ts'

/**
 * Validates the risk scores that a run reported, as a stream.
 *
 * @throws InputError when there are more rows than any report may have, or truth and snapshot do not belong together;
 *   the signal's reason when it is aborted between two batches.
 */
export async function validateScores(
  batches: RowBatches,
  judgement: ScoreJudgement,
  signal?: AbortSignal,
): Promise<ScoreValidation> {
  const judge = new ScoreJudge(judgement)
  for await (const batch of batches) {
    signal?.throwIfAborted()
    for (const row of batch) judge.note(row)
  }
  return judge.finish()
}
