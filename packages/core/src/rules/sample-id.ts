import { createHash } from 'node:crypto'

import type { SampleKey } from '../models/sample.ts'

/** Digits of an id made from content. */
const ID_DIGITS = 32

/** What a sample's id is derived from. */
export type SampleIdParams = Readonly<{ key: SampleKey; conversationSha256: string }>

/**
 * The id of a sample: the first 32 hex digits of the SHA-256 over its key and its conversation's hash. The same answer
 * to the same task has the same id wherever and whenever it is computed; score, time and signature do not enter, so
 * that a retry which judges or signs again is still the same sample.
 */
export function sampleIdOf(params: SampleIdParams): string {
  const { minerHotkey, modelRevision, environment, generation, taskId } = params.key
  const text = JSON.stringify([
    'sample',
    minerHotkey,
    modelRevision,
    environment,
    generation,
    taskId,
    params.conversationSha256,
  ])
  return createHash('sha256').update(text).digest('hex').slice(0, ID_DIGITS)
}
