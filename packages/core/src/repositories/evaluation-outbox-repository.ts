import type { AgentVersion } from '../models/agent-version.ts'
import type { Evaluation } from '../models/evaluation.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { CallOptions } from './call-options.ts'
import type { PageParams } from './page.ts'

/** A row that was decided here and is not known to be in the other store yet. */
export interface RowOutboxEntry<Row> {
  readonly row: Row
  /** Says which state was read; for `settle` only. */
  readonly mark: string
}

/** A row that cannot be read, so that nobody can copy it either. */
export interface UnreadableRow {
  /** Where it is, for a person. */
  readonly place: string
  readonly problem: string
}

/** One page of an outbox. An empty page is not the end; a null cursor is. */
export interface RowOutboxPage<Row> {
  readonly entries: readonly RowOutboxEntry<Row>[]
  readonly unreadable: readonly UnreadableRow[]
  readonly nextCursor: string | null
}

/**
 * The outbox of one table. A row enters it in the same write that changes it, so that there is no moment at which a
 * change could be lost, and leaves it when it was copied and has not changed since.
 */
export interface RowOutbox<Row> {
  /**
   * Rows that await their copy, each as it is stored now, in no order that means anything. A row that was written in this
   * moment may be missing; the next pass has it.
   */
  list(params: PageParams, options?: CallOptions): Promise<RowOutboxPage<Row>>
  /**
   * Says that these states were copied. Gives the rows that have changed since they were read, as they are now: the copy
   * of each may be older than what somebody else copied meanwhile, so they are to be copied and settled again.
   */
  settle(
    params: Readonly<{ entries: readonly RowOutboxEntry<Row>[] }>,
    options?: CallOptions,
  ): Promise<readonly RowOutboxEntry<Row>[]>
  /** How many rows await their copy. Eventual. */
  count(options?: CallOptions): Promise<number>
}

/**
 * What evaluating changes, on its way into the store that is analysed: evaluations and runs as they stand, and versions
 * whose score followed from them. Versions that were put by somebody are not in it.
 */
export interface EvaluationOutboxRepository {
  readonly evaluations: RowOutbox<Evaluation>
  readonly evaluationRuns: RowOutbox<EvaluationRun>
  readonly agentVersions: RowOutbox<AgentVersion>
}
