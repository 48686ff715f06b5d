/** How far a piece of work is. */
export interface ProgressUpdate {
  /** Units done so far; never falls within one stage. */
  readonly done: number
  /** Units in all; null while nobody knows. */
  readonly total: number | null
  /** What is counted: `alerts`, `rows`, `miners`. */
  readonly unit: string
  /** The stage, when work has several: `score alerts`. A new stage counts from 0. */
  readonly stage?: string
}

/** Receives progress; it is called often and must not throw or wait. */
export type ProgressListener = (update: ProgressUpdate) => void
