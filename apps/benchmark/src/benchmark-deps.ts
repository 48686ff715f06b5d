import type { Clock, Repositories } from '@subnetkit/core'

import type { ContestSettings } from './contest-settings.ts'
import type { CodeReviewer } from './ports/code-reviewer.ts'
import type { DatasetStore } from './ports/dataset-store.ts'
import type { BenchmarkLocks } from './ports/locks.ts'
import type { RepositorySource } from './ports/repository-source.ts'
import type { Sandbox, SandboxLimits } from './ports/sandbox.ts'

/** The aggregates of the benchmark. */
export type BenchmarkRepositories = Pick<
  Repositories,
  | 'baselines'
  | 'benchmarkEpochs'
  | 'benchmarkRuns'
  | 'benchmarkScores'
  | 'minerDatabases'
  | 'minerOutputs'
  | 'submissions'
  | 'tournamentParticipants'
  | 'tournamentResults'
  | 'tournaments'
>

/** What every task of the benchmark works with. */
export interface BenchmarkDeps {
  readonly repositories: BenchmarkRepositories
  readonly clock: Clock
  readonly locks: BenchmarkLocks
  readonly sandbox: Sandbox
  readonly source: RepositorySource
  /** Null: nobody reads the code beside the rules. */
  readonly reviewer: CodeReviewer | null
  readonly datasets: DatasetStore
  /** For submissions' trees and runs' outputs; everything under it may be removed when nothing runs. */
  readonly workFolder: string
  /** First part of every database's name; `benchmark`. */
  readonly databasePrefix: string
  readonly limits: SandboxLimits
  readonly isGpuWanted: boolean
  /** What epochs outside of tournaments run on; a tournament says it itself. */
  readonly standalone: ContestSettings
  /** How often a run that failed by its own fault is started: 1, or 2 to forgive one crash. */
  readonly runAttempts: number
}
