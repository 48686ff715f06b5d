import type { ConversationMessage, JsonValue, SampleKey } from '@subnetkit/core'

/** What an executor brings back for one task. */
export interface Submission {
  /** The executor's. */
  readonly hotkey: string
  readonly key: SampleKey
  readonly token: string
  readonly latencyMs: number
  /** Over `sampleText`, in lower-case hex. */
  readonly signature: string
  readonly outcome: SubmittedOutcome
}

/** An answer, which is judged here whatever the executor thinks of it, or a fault of the miner's. */
export type SubmittedOutcome =
  | {
      readonly kind: 'answered'
      readonly answer: string
      /** What was said before the answer, when that was more than the task's own prompt. */
      readonly messages: readonly ConversationMessage[] | null
      readonly usage: Readonly<Record<string, JsonValue>>
    }
  | { readonly kind: 'miner_fault'; readonly reason: string; readonly message: string }
