import { PatternJudge, type PatternJudgement, type PatternValidation } from './pattern-judge.ts'

/** Rows of a run's report in batches, as they are read; each row may be anything. */
export type RowBatches = AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>

/**
 * Validates the patterns that a run reported, as a stream: tens of bytes are kept of each.
 *
 * @throws InputError when the report is larger than any may be, or truth and snapshot do not belong together; the
 *   signal's reason when it is aborted between two batches.
 */
export async function validatePatterns(
  batches: RowBatches,
  judgement: PatternJudgement,
  signal?: AbortSignal,
): Promise<PatternValidation> {
  const judge = new PatternJudge(judgement)
  for await (const batch of batches) {
    signal?.throwIfAborted()
    for (const row of batch) judge.note(row)
  }
  return judge.finish()
}
