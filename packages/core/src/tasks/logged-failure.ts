import type { LogDetails, Logger } from '../observability/logger.ts'

const logged = new WeakSet<object>()

/**
 * Logs a failure with its stack unless some inner layer has done so: an error that passes three tasks on its way up
 * appears once. An error that merely wraps a logged one is logged by its message alone. Returns whether it logged.
 */
export function logFailureOnce(log: Logger, error: unknown, details: LogDetails, message: string): boolean {
  if (typeof error !== 'object' || error === null) {
    log.error({ ...details, err: error }, message)
    return true
  }
  if (logged.has(error)) return false
  const wrapsLogged = causes(error).some((cause) => logged.has(cause))
  logged.add(error)
  if (wrapsLogged) log.error({ ...details, reason: error instanceof Error ? error.message : null }, message)
  else log.error({ ...details, err: error }, message)
  return true
}

/** Marks an error as told, so that outer layers stay silent about it. */
export function markLogged(error: unknown): void {
  if (typeof error === 'object' && error !== null) logged.add(error)
}

const MAX_CAUSES = 20

function causes(error: object): object[] {
  const found: object[] = []
  let current: unknown = 'cause' in error ? error.cause : undefined
  while (typeof current === 'object' && current !== null && found.length < MAX_CAUSES) {
    found.push(current)
    current = 'cause' in current ? current.cause : undefined
  }
  return found
}
