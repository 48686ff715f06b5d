import type { ConversationMessage, JsonValue } from '@subnetkit/core'

/** What is asked of a miner. */
export interface AskMinerParams {
  readonly hotkey: string
  /** Base URL of an OpenAI-compatible API, as the miner committed it: not trusted. */
  readonly endpoint: string
  readonly modelName: string
  readonly messages: readonly ConversationMessage[]
  readonly seed: number
  /** @default 0 */
  readonly temperature?: number
}

/** What came of it. Who is at fault decides whether the miner scores zero or the task is tried again. */
export type MinerAnswer =
  | {
      readonly kind: 'answered'
      readonly content: string
      readonly latencyMs: number
      /** Token counts and the like, as the miner gave them, bounded in size. */
      readonly usage: Readonly<Record<string, JsonValue>>
    }
  | {
      readonly kind: 'miner_fault' | 'infrastructure_fault'
      /** A lower-case word to count by: `timeout`, `too_large`, `bad_json`, `redirected`, `refused`, … */
      readonly reason: string
      readonly message: string
      readonly latencyMs: number
    }

/** The way to miners. Never throws for what a miner does; rejects only with the signal's reason. */
export interface MinerClient {
  ask(params: AskMinerParams, options?: Readonly<{ signal?: AbortSignal }>): Promise<MinerAnswer>
  close(): Promise<void>
}
