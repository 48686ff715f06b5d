import type { Clock, DayKey, Repositories, SnapshotKind } from '@subnetkit/core'

import type { DayLock } from '../ports/day-lock.ts'

/** What the steps of a day need from outside; `compose` builds it, tests build their own. */
export interface DayDeps {
  readonly repositories: Pick<
    Repositories,
    | 'addressLabels'
    | 'alertClusters'
    | 'alertRankings'
    | 'alerts'
    | 'alertScores'
    | 'batches'
    | 'clusterScores'
    | 'features'
    | 'snapshotImports'
    | 'snapshots'
    | 'transfers'
  >
  readonly lock: DayLock
  readonly clock: Clock
}

/** What a step is given while it runs. */
export interface StepOptions {
  readonly signal: AbortSignal
  /** Says what is being done, in a few words; shown on a terminal, logged in a pipe. */
  readonly progress: (message: string) => void
}

/** The day of a context. */
export function dayKeyOf(context: DayKey): DayKey {
  const { network, processingDate, windowDays } = context
  return { network, processingDate, windowDays }
}

/** The kinds of snapshot that hold alerts, features and clusters: what a score works on. */
export const scorableKinds: readonly SnapshotKind[] = ['published', 'detected']
