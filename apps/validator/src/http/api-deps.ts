import type { CycleScope, Repositories } from '@subnetkit/core'

import type { AdmissionDeps } from '../auth/admit-request.ts'
import type { ExecutorDeps } from '../executors/executor-deps.ts'
import type { PublishedRecord } from '../published/published-record.ts'
import type { RecordState } from '../published/record-access.ts'

/** What the routes work with. */
export interface ApiDeps {
  readonly repositories: Pick<
    Repositories,
    | 'executionLogs'
    | 'miners'
    | 'minerScores'
    | 'requestNonces'
    | 'samples'
    | 'samplingTasks'
    | 'systemConfig'
    | 'weightCycles'
  >
  readonly executors: ExecutorDeps
  readonly admission: AdmissionDeps
  /** What may be told of weights, chain and statistics. */
  readonly published: PublishedRecord
  /** Whose record it is. */
  readonly scope: CycleScope
  readonly recordState: () => RecordState
  readonly version: string
  readonly now: () => Date
}

/** A query's page as repositories take it. */
export function pageOf(query: { readonly limit: number; readonly cursor?: string | undefined }): {
  limit: number
  cursor: string | null
} {
  return { limit: query.limit, cursor: query.cursor ?? null }
}
