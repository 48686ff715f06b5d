/** A stream that text is written to; `isTTY` tells a terminal from a pipe. */
export interface TextStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** What a command has of the world outside. */
export interface Terminal {
  /** Results only. */
  readonly stdout: TextStream & NodeJS.WritableStream
  /** Progress and errors. */
  readonly stderr: TextStream & NodeJS.WritableStream
  readonly signal: AbortSignal
  /** Milliseconds that only grow; for rates in progress, never for results. */
  readonly monotonicMs: () => number
}
