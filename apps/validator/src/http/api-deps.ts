import type { CycleScope, Repositories } from '@subnetkit/core'

import type { AdmissionDeps } from '../auth/admit-request.ts'
import type { ExecutorDeps } from '../executors/executor-deps.ts'
import type { AgentRegistry } from '../ports/agent-registry.ts'
import type { PublishedRecord } from '../published/published-record.ts'
import type { UploadDeps } from '../uploads/upload-deps.ts'
import type { RecordAccess, RecordState } from '../published/record-access.ts'

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
  /** The hotkeys that may take work, as they are configured at the moment. */
  readonly allowedExecutors: () => Promise<ReadonlySet<string>>
  /** The hotkeys that judge agents, as they are configured at the moment. */
  readonly evaluators: () => Promise<ReadonlySet<string>>
  readonly uploads: UploadDeps
  /** What may be told of weights, chain and statistics. */
  readonly published: PublishedRecord
  /** Agents as they are decided on: there whenever the operational store is. */
  readonly agents: AgentRegistry
  /** Agents as they are analysed, and everything else that is on record: may not be there. */
  readonly record: Pick<RecordAccess, 'read'>
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
