import type { Repositories } from '@subnetkit/core'

import type { AdmissionDeps } from '../auth/admit-request.ts'
import type { ExecutorDeps } from '../executors/executor-deps.ts'

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
  >
  readonly executors: ExecutorDeps
  readonly admission: AdmissionDeps
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
