import { isStorageError, StorageError } from '@subnetkit/core'

/** The HTTP status that a container engine answered with; null for a failure of another kind. */
export function engineStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  return typeof error.statusCode === 'number' ? error.statusCode : null
}

/** A failure of the engine, or of the way to it, as callers know failures. An abort passes unchanged. */
export function engineFailure(error: unknown, work: string): unknown {
  if (isStorageError(error) || !(error instanceof Error) || error.name === 'AbortError') return error
  if (error.name === 'InputError') return error
  const status = engineStatus(error)
  const message = `the container engine failed to ${work}: ${error.message}`
  const code = status === 404 ? 'not_found' : status === 409 ? 'conflict' : 'unavailable'
  return new StorageError({ code, message, cause: error })
}

/** Does something whose object may be gone already (404) or on its way (409). */
export async function ignoreGone(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    const status = engineStatus(error)
    if (status !== 404 && status !== 409 && status !== 304) throw error
  }
}
