import { silentLogger, type Logger } from '../observability/logger.ts'
import { InterruptedError } from './task-errors.ts'

/** The part of `process` that a shutdown needs. */
export interface ProcessLike {
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  off(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit(code: number): unknown
}

/** What {@link createShutdown} needs. */
export interface ShutdownOptions {
  readonly process: ProcessLike
  /** @default nothing is logged */
  readonly logger?: Logger
}

/** A wish to stop, as a signal for everything that works. */
export interface Shutdown {
  /** Aborted with an `InterruptedError` by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  /** Stops listening, so that the process reacts to signals as if there had never been a shutdown. */
  close(): void
  [Symbol.dispose](): void
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Turns SIGINT and SIGTERM into an AbortSignal: the first one asks everything to stop after its current step, the second
 * one ends the process at once with 130 or 143. Create it once, at the entry point, and close it when the work is done.
 */
export function createShutdown(options: ShutdownOptions): Shutdown {
  const { process, logger = silentLogger } = options
  const controller = new AbortController()

  const receive = (name: keyof typeof EXIT_CODES): void => {
    if (controller.signal.aborted) {
      logger.warn({ signal: name }, 'second signal: leaving at once')
      process.exit(EXIT_CODES[name])
      return
    }
    logger.info({ signal: name }, 'stopping after the current step; the same signal again leaves at once')
    controller.abort(new InterruptedError(name, EXIT_CODES[name]))
  }
  const onInterrupt = (): void => receive('SIGINT')
  const onTerminate = (): void => receive('SIGTERM')
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)

  const close = (): void => {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onTerminate)
  }
  return { signal: controller.signal, close, [Symbol.dispose]: close }
}
