/** What is held: by one holder at a time, anywhere. */
export interface HeldBenchmarkLock extends AsyncDisposable {
  readonly name: string
  /** Aborts when it was lost: stop writing what it protects. */
  readonly lost: AbortSignal
}

/** Locks for what must be unique while several processes write. */
export interface BenchmarkLocks extends AsyncDisposable {
  /**
   * `data-folder`: processes of one machine over one data folder. `redis`: any number of machines; what lies on a machine's
   * disk is locked there, so that no machine waits until another has made its own.
   */
  readonly reach: 'data-folder' | 'redis'
  /**
   * Waits for the lock.
   *
   * @throws StorageError `locked` when `waitMs` pass; the signal's reason when it is aborted.
   */
  acquire(params: Readonly<{ name: string; waitMs: number; signal: AbortSignal }>): Promise<HeldBenchmarkLock>
}

/** The names of all locks, so that two uses of one thing cannot miss each other. */
export const lockNames = {
  submission: (imageType: string, hotkey: string): string => `submission-${imageType}-${hotkey}`,
  epoch: (epochId: string): string => `epoch-${epochId}`,
  minerDatabase: (name: string): string => `database-${name}`,
  run: (runId: string): string => `run-${runId}`,
  image: (image: string): string => `image-${image.replaceAll(/[^A-Za-z0-9]/g, '-')}`.slice(-180),
  dataset: (batchId: string): string => `dataset-${batchId}`,
  tournament: (tournamentId: string): string => `tournament-${tournamentId}`,
  baseline: (imageType: string): string => `baseline-${imageType}`,
  ranking: (imageType: string): string => `ranking-${imageType}`,
} as const

/** Whether a lock protects what lies on one machine's disk: datasets, trees and images, which each machine makes itself. */
export function isOfMachine(name: string): boolean {
  return /^(?:dataset|image)-/.test(name)
}
