import { replayOutbox, type Repositories } from '@subnetkit/core'

import type { RecordRepositories } from '../../ports/record-store.ts'
import { copyOutbox } from './copy-outbox.ts'
import { FailedRows, type FailedRow } from './failed-rows.ts'
import type { HeldLease } from './hold-lock.ts'

/** What is copied, and where to. */
export interface DrainDeps {
  /** The store that decides, asked directly. */
  readonly registry: Pick<
    Repositories,
    'agents' | 'agentVersions' | 'evaluationOutbox' | 'outbox' | 'weightsSnapshots'
  >
  readonly record: Pick<RecordRepositories, 'agentRecords'>
  readonly now: () => Date
}

/** How many rows went over. */
export interface Drained {
  /** Changes of agents, versions and snapshots that somebody put. */
  readonly changes: number
  /** Versions whose score followed from evaluations. */
  readonly scores: number
  readonly evaluations: number
  readonly runs: number
  /** Rows that could not be copied. They stay, and are tried again with every pass. */
  readonly failed: number
  /** The first of those. */
  readonly failures: readonly FailedRow[]
  /** Changes whose write may still be under way: a later pass takes them. */
  readonly waiting: number
}

/** A row of an evaluation is small; a run may hold a patch and names of tests, 400 KB in all. */
const SMALL_ROWS = 500
const LARGE_ROWS = 100
const CHANGES_AT_ONCE = 1_000

/** Copies everything that the outboxes hold, agents before what belongs to them. The lock must be held. */
export async function drainOutboxes(deps: DrainDeps, lease: HeldLease): Promise<Drained> {
  const { registry, record, now } = deps
  const { agentRecords } = record
  const { evaluationOutbox } = registry
  const options = { signal: lease.signal }
  const failed = new FailedRows()
  // Checked after it was taken: one that was taken under a lock is older than all that the next holder takes.
  const stamp = (): bigint => {
    const taken = agentRecords.stamp()
    lease.check()
    return taken
  }
  const { changes, waiting } = await replayChanges()
  const common = { stamp, failed }
  const scores = await copyOutbox(
    {
      ...common,
      table: 'agentVersions',
      outbox: evaluationOutbox.agentVersions,
      idOf: ({ versionId }) => versionId,
      put: async (versions, read) => agentRecords.putVersions({ versions, stamp: read }, options),
      batch: SMALL_ROWS,
    },
    options,
  )
  const evaluations = await copyOutbox(
    {
      ...common,
      table: 'evaluations',
      outbox: evaluationOutbox.evaluations,
      idOf: ({ evaluationId }) => evaluationId,
      put: async (rows, read) => agentRecords.putEvaluations({ evaluations: rows, stamp: read }, options),
      batch: SMALL_ROWS,
    },
    options,
  )
  const runs = await copyOutbox(
    {
      ...common,
      table: 'evaluationRuns',
      outbox: evaluationOutbox.evaluationRuns,
      idOf: ({ runId }) => runId,
      put: async (rows, read) => agentRecords.putRuns({ runs: rows, stamp: read }, options),
      batch: LARGE_ROWS,
    },
    options,
  )
  return { changes, scores, evaluations, runs, failed: failed.count, failures: failed.first, waiting }

  async function replayChanges(): Promise<{ changes: number; waiting: number }> {
    let replayed = 0
    for (;;) {
      const { outbox } = registry
      const params = { primary: registry, record: agentRecords, outbox, now: now(), limit: CHANGES_AT_ONCE }
      const replay = await replayOutbox({ ...params, record: { ...agentRecords, stamp } }, options)
      replayed += replay.replayed
      for (const { orderedBy, error } of replay.failed) {
        failed.add({ table: 'outbox', id: orderedBy, problem: problemOf(error) })
      }
      if (replay.isDone || replay.failed.length > 0 || replay.replayed === 0) {
        return { changes: replayed, waiting: replay.waiting }
      }
    }
  }
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
