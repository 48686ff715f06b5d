import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** The runs of evaluations: one for each problem and attempt. */
export interface EvaluationRunRepository {
  /**
   * Stores what a validator reports on a run, see `advanceRun`; gives what is stored afterwards. Evaluation, attempt and
   * problem name the run for good.
   *
   * @throws StorageError `not_found` when the evaluation is not known; `conflict` with `details.reason` when it belongs
   *   to another validator, is not running or is at another attempt, and when `advanceRun` refuses the report.
   */
  put(
    params: Readonly<{ run: EvaluationRun; validatorHotkey: string }>,
    options?: CallOptions,
  ): Promise<EvaluationRun>
  /** An evaluation's runs: by attempt, then by problem; of one attempt where it is given. Consistent. */
  list(
    params: Readonly<{ evaluationId: string; attempt?: number } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<EvaluationRun>>
}
