import type { Logger, Repositories } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'
import { z } from 'zod'

import { parseJsonSetting } from '../config-values/parse-json-setting.ts'

/** The configuration key that holds them. */
const UPLOAD_KEY = 'agents.upload'

/** Largest file that any configuration may allow; it bounds what one upload costs in memory and in parsing. */
export const MAX_UPLOAD_BYTES = 2_097_152

const MAX_AGE_MS = 2_000

/** What uploads must keep to. */
export const uploadSettingsSchema = z.strictObject({
  /** Seconds from one upload of a hotkey to its next. */
  secondsBetween: z.int().min(0).max(31_536_000).default(600),
  maxBytes: z.int().min(1).max(MAX_UPLOAD_BYTES).default(1_000_000),
  /** Signed requests of one hotkey in an hour, refused ones included; what bounds the log of attempts. */
  attemptsPerHour: z.int().min(1).max(10_000).default(60),
  /** Top-level packages that agents may import besides the standard library: those of the sandbox. */
  packages: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be the name of a top-level package'))
    .max(1_000)
    .default([]),
})
/** See {@link uploadSettingsSchema}. */
export type UploadSettings = z.infer<typeof uploadSettingsSchema>

/**
 * Reads `agents.upload`, at most every two seconds. What does not fit closes the door: nothing is taken in under rules
 * that nobody meant.
 */
export function uploadSettingsReader(
  deps: Readonly<{ systemConfig: Pick<Repositories['systemConfig'], 'find'>; now: () => Date; log: Logger }>,
): () => Promise<UploadSettings> {
  let known: Readonly<{ atMs: number; settings: UploadSettings }> | null = null
  return async () => {
    const nowMs = deps.now().getTime()
    if (known !== null && Math.abs(nowMs - known.atMs) < MAX_AGE_MS) return known.settings
    const found = await deps.systemConfig.find({ key: UPLOAD_KEY })
    const configured = new Map(found === null ? [] : [[UPLOAD_KEY, found.setting]])
    try {
      const settings = parseJsonSetting(configured, {
        key: UPLOAD_KEY,
        schema: uploadSettingsSchema,
        example: '{"packages": ["numpy"]}',
      })
      known = { atMs: nowMs, settings }
      return settings
    } catch (error) {
      deps.log.error({ err: error }, `${UPLOAD_KEY} does not fit; no upload is taken in`)
      throw new RequestRefusal({
        status: 503,
        code: 'misconfigured',
        message: 'uploads are closed until the operator has corrected their configuration',
        hint: 'try again later',
      })
    }
  }
}
