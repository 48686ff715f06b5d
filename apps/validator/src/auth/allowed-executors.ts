import { type Logger, parseInput, type Repositories } from '@subnetkit/core'
import { z } from 'zod'

import { publicKeyOf } from './ss58-address.ts'

/** The configuration key that names who may take work from this validator: a JSON list of hotkeys. */
export const ALLOWED_EXECUTORS_KEY = 'executors.allowed'

/** Most executors; each request looks them up. */
const MAX_EXECUTORS = 10_000

const allowedSchema = z
  .array(z.string().refine((hotkey) => publicKeyOf(hotkey) !== null, 'must be an SS58 address of format 42'))
  .max(MAX_EXECUTORS)

/** How old an answer may be: a change takes effect within it. */
const MAX_AGE_MS = 2_000

/**
 * Reads who is allowed, at most every two seconds. Nobody is, while nothing is configured or what is configured does
 * not fit: a typing error never opens the door. A store that cannot be reached is thrown, not taken for an empty list.
 */
export function allowedExecutorsReader(
  deps: Readonly<{ systemConfig: Pick<Repositories['systemConfig'], 'find'>; now: () => Date; log: Logger }>,
): () => Promise<ReadonlySet<string>> {
  let known: Readonly<{ atMs: number; allowed: Promise<ReadonlySet<string>> }> | null = null
  const read = async (): Promise<ReadonlySet<string>> => {
    const found = await deps.systemConfig.find({ key: ALLOWED_EXECUTORS_KEY })
    if (found === null) return new Set()
    try {
      return new Set(parseInput(allowedSchema, found.setting.value, { subject: ALLOWED_EXECUTORS_KEY }))
    } catch (error) {
      deps.log.error({ err: error }, `${ALLOWED_EXECUTORS_KEY} does not fit; no executor is let in`)
      return new Set()
    }
  }
  return async () => {
    const nowMs = deps.now().getTime()
    // A clock that was set back must not keep an answer alive.
    if (known === null || Math.abs(nowMs - known.atMs) >= MAX_AGE_MS) known = { atMs: nowMs, allowed: read() }
    const current = known
    try {
      return await current.allowed
    } catch (error) {
      if (known === current) known = null
      throw error
    }
  }
}
