import type { ConversationMessage, JsonValue } from '@subnetkit/core'

/** One task as it is put to a miner: the same for every miner, made from nothing but the environment and the id. */
export interface EnvironmentTask {
  readonly taskId: number
  /** Part of the environment that the task belongs to. */
  readonly subset: string
  /** The task's place in the data set that it was made from. */
  readonly datasetIndex: number
  /** What the miner is told, system message included. */
  readonly prompt: readonly ConversationMessage[]
  /** Given to the miner's model: 32 bits, the same for all miners. */
  readonly seed: number
}

/** What an answer is worth. Any answer has a verdict: nonsense is score 0, never an error. */
export interface Verdict {
  /** Within the environment's range. */
  readonly score: number
  readonly success: boolean
  /** Why, small enough to keep with the sample. */
  readonly details: Readonly<Record<string, JsonValue>>
}

/** A kind of task that verifies itself: no model of ours, no person, no network. */
export interface Environment {
  /** Part of every key: never changes. */
  readonly name: string
  /** Task ids run from 0 to this minus 1. */
  readonly taskCount: number
  /** The lowest and highest score there is; means are normalised by it. */
  readonly scoreRange: readonly [lowest: number, highest: number]
  /** @throws InputError when the id is out of range. */
  generate(taskId: number): EnvironmentTask
  /** Judges an answer, which may be anything at all, within fixed limits of time, memory and steps. */
  verify(params: Readonly<{ taskId: number; answer: string; signal?: AbortSignal }>): Promise<Verdict>
  /** Releases what verification holds. */
  close(): Promise<void>
}
