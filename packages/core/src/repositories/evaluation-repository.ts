import type { Evaluation } from '../models/evaluation.ts'
import type { EvaluationHold, EvaluationOutcome } from '../rules/evaluation-rules.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** How many evaluations a call moved. */
export interface InterruptedEvaluations {
  /** Cut off by this call. */
  readonly interrupted: number
  /** Back in the queue for the next attempt, those of an earlier call that was cut off included. */
  readonly reopened: number
}

/**
 * Evaluations, one for each version and validator, in the queues of their validators. Every change is one conditional
 * write of a state that `rules/evaluation-rules.ts` allows: of two contenders one wins, the other is told `conflict` or
 * gets the next evaluation. Repeating a call that was cut off finishes it.
 */
export interface EvaluationRepository {
  /**
   * Puts a version into a validator's queue. The same call again gives the evaluation as it stands.
   *
   * @throws StorageError `not_found` when the version is not known; `conflict` when version and validator have an
   *   evaluation of another id, which `details.evaluationId` names, or the id another evaluation.
   */
  create(
    params: Readonly<{ evaluationId: string; versionId: string; validatorHotkey: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation>
  /** Consistent. */
  find(params: Readonly<{ evaluationId: string }>, options?: CallOptions): Promise<Evaluation | null>
  /** A version's evaluations in the order of validators; consistent. */
  list(params: Readonly<{ versionId: string } & PageParams>, options?: CallOptions): Promise<Page<Evaluation>>
  /**
   * Begins the validator's oldest waiting evaluation, or gives null when none waits. `claimId` names the claim:
   * repeating it gives the evaluation that it began, as long as that runs. The queue is eventual: an evaluation of this
   * moment may be passed over once.
   */
  claim(
    params: Readonly<{ validatorHotkey: string; claimId: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation | null>
  /**
   * Ends the attempt that the validator works on. Runs without a verdict count as not solved, and the score follows
   * from the runs as they are then.
   *
   * @throws StorageError `not_found`, or `conflict` with `details.reason`, see `finishEvaluation`.
   */
  finish(
    params: EvaluationHold & Readonly<{ outcome: EvaluationOutcome; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation>
  /** The validator went away: whatever it runs is cut off, its open runs are cancelled, and it waits anew. */
  disconnect(
    params: Readonly<{ validatorHotkey: string; now: Date }>,
    options?: CallOptions,
  ): Promise<InterruptedEvaluations>
  /** The same for what the validator began before a time: it ran too long. Finishes what a crash left half done. */
  sweep(
    params: Readonly<{ validatorHotkey: string; startedBefore: Date; now: Date }>,
    options?: CallOptions,
  ): Promise<InterruptedEvaluations>
  /** A newer version came: those of this one that wait become `replaced`, what runs goes on. Gives how many. */
  replace(
    params: Readonly<{ versionId: string; reason: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ replaced: number }>>
  /** Calls one off that waits. @throws StorageError `not_found`, or `conflict` when it does not wait. */
  cancel(
    params: Readonly<{ evaluationId: string; reason: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation>
}
