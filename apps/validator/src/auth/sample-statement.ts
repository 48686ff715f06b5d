import { canonicalJson, type SampleKey } from '@subnetkit/core'

/** What an executor vouches for: that this miner gave this answer to this task, or failed to give one. */
export interface SampleStatement {
  readonly key: SampleKey
  /** SHA-256 of the answer's UTF-8 bytes in lower-case hex; null when the miner gave none. */
  readonly answerSha256: string | null
  /** The kind of the miner's fault, such as `timeout`; null when it answered. */
  readonly fault: string | null
  readonly latencyMs: number
}

/**
 * The text that an executor signs for each sample: canonical JSON (RFC 8785), which has one form in every language.
 * The signature is stored with the sample and can be checked from what is stored, years later: the answer is the
 * conversation's last message.
 */
export function sampleText({ key, answerSha256, fault, latencyMs }: SampleStatement): string {
  const { minerHotkey, modelRevision, environment, generation, taskId } = key
  return canonicalJson({
    domain: 'subnetkit-sample-v1',
    minerHotkey,
    modelRevision,
    environment,
    generation,
    taskId,
    answerSha256,
    fault,
    latencyMs,
  })
}
