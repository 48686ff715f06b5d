import { setImmediate as nextTurn } from 'node:timers/promises'

/** Throws the signal's reason once it is aborted: the check between two steps that must not be cut apart. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  signal?.throwIfAborted()
}

/**
 * Lets timers, sockets and signals have their turn, then goes on. A loop that only computes never notices Ctrl-C or a
 * time limit without it. About 2 µs when nothing waits.
 */
export async function yieldToEventLoop(): Promise<void> {
  await nextTurn()
}

/** One turn of the event loop, then {@link throwIfAborted}: for loops whose single step takes milliseconds. */
export async function checkpoint(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn()
  throwIfAborted(signal)
}

/** What {@link createCheckpoint} needs: the signal to look at, and a clock to know when a turn is due. */
export interface CheckpointOptions {
  readonly signal?: AbortSignal
  /** Milliseconds that only grow. */
  readonly monotonicMs: () => number
  /** How long the loop may hold the event loop between two turns, in ms. @default 20 */
  readonly everyMs?: number
}

/**
 * A {@link checkpoint} for tight loops: it only takes a turn when the last one is `everyMs` ago, else it costs a look at
 * the clock. Call it once per row or per few hundred cheap steps, and await it.
 */
export function createCheckpoint(options: CheckpointOptions): () => Promise<void> {
  const { signal, monotonicMs, everyMs = 20 } = options
  let lastTurn = monotonicMs()
  return async () => {
    throwIfAborted(signal)
    if (monotonicMs() - lastTurn < everyMs) return
    await checkpoint(signal)
    lastTurn = monotonicMs()
  }
}

/** True for the error that an aborted signal or a cancelled call throws. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'InterruptedError')
}
