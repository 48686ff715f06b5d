import { isTaskTimeoutError, runWithinLimit } from '@subnetkit/core'
import type {
  Clock,
  Conversation,
  ExecutionError,
  Logger,
  Miner,
  NewSample,
  SamplingTask,
} from '@subnetkit/core'
import { z } from 'zod'

import type { Environment, EnvironmentTask, Verdict } from '../ports/environment.ts'
import type { MinerAnswer, MinerClient } from '../ports/miner-client.ts'
import { executionError } from './attempt-record.ts'
import { keyOf } from './store-attempt.ts'

/** Deterministic answers are what makes scores comparable. */
const TEMPERATURE = 0

/** One question, and who is asked. */
export interface AskParams {
  readonly task: SamplingTask
  readonly miner: Miner & { readonly endpoint: string }
  readonly environment: Environment
  readonly question: EnvironmentTask
  readonly minerClient: MinerClient
  readonly clock: Clock
  readonly answerLimitMs: number
  readonly log: Logger
  readonly signal: AbortSignal
}

/** What came of asking, ready to be stored, or the reason why it says nothing about the miner. */
export type Asked =
  | {
      readonly kind: 'scored'
      readonly verdict: Verdict
      readonly answer: MinerAnswer
      readonly content: string
    }
  | {
      readonly kind: 'miner_fault' | 'infrastructure_fault'
      readonly answer: MinerAnswer
      readonly error: ExecutionError
    }

/** After an abort a request or a verdict has this long to end by itself. */
const GRACE_MS = 5_000
/** A verdict has limits of its own; passing this one is a defect of ours. */
const VERDICT_LIMIT_MS = 60_000

/**
 * Asks the miner and judges its answer. A miner that does not answer in time is at fault, whatever its client's own
 * limits are. Rejects with the signal's reason, or when judging itself fails.
 */
export async function askMiner(params: AskParams): Promise<Asked> {
  const { answerLimitMs, clock, environment, log, signal, task } = params
  const onAbandoned = (): void => log.error(keyOf(task), 'an attempt did not stop when asked; it is given up')
  const limits = { clock, signal, graceMs: GRACE_MS, onAbandoned }
  const answer = await runWithinLimit(
    { ...limits, name: 'ask-miner', timeLimitMs: answerLimitMs },
    async (limited) => await ask(params, limited),
  ).catch((error: unknown): MinerAnswer => {
    if (!isTaskTimeoutError(error)) throw error
    const message = `no answer within ${answerLimitMs} ms`
    return { kind: 'miner_fault', reason: 'timeout', message, latencyMs: answerLimitMs }
  })
  if (answer.kind !== 'answered') {
    return { kind: answer.kind, answer, error: executionError(answer.reason, answer.message) }
  }
  const { content } = answer
  const verdict = await runWithinLimit(
    { ...limits, name: 'verify-answer', timeLimitMs: VERDICT_LIMIT_MS },
    async (limited) => await environment.verify({ taskId: task.taskId, answer: content, signal: limited }),
  )
  return { kind: 'scored', verdict, answer, content }
}

async function ask(params: AskParams, signal: AbortSignal): Promise<MinerAnswer> {
  const { miner, minerClient, question } = params
  const { hotkey, endpoint, modelName } = miner
  const { prompt: messages, seed } = question
  return await minerClient.ask(
    { hotkey, endpoint, modelName, messages, seed, temperature: TEMPERATURE },
    { signal },
  )
}

/** What a sample records besides the answer. */
export interface SampleParams {
  readonly task: SamplingTask
  readonly miner: Miner
  readonly environment: Environment
  readonly question: EnvironmentTask
  readonly validatorHotkey: string
  readonly blockNumber: number
  readonly takenAt: Date
}

/** The sample of a judged answer, or the lowest score that the environment has for a fault of the miner's. */
export function sampleOf(
  asked: Exclude<Asked, { kind: 'infrastructure_fault' }>,
  params: SampleParams,
): NewSample {
  const { task, miner, question, environment, takenAt, blockNumber, validatorHotkey } = params
  const verdict = asked.kind === 'scored' ? asked.verdict : null
  return {
    ...keyOf(task),
    uid: miner.uid,
    modelName: miner.modelName,
    modelHash: task.modelHash,
    subset: question.subset,
    datasetIndex: question.datasetIndex,
    score: verdict?.score ?? Math.min(0, environment.scoreRange[0]),
    success: verdict?.success ?? false,
    latencyMs: Math.max(0, Math.round(asked.answer.latencyMs)),
    takenAt,
    validatorHotkey,
    blockNumber,
    signature: null,
  }
}

/** What was said, with what else is worth keeping: usage, seed, request and verdict, or the fault. */
export function conversationOf(
  asked: Exclude<Asked, { kind: 'infrastructure_fault' }>,
  params: Pick<SampleParams, 'miner' | 'question'>,
): Conversation {
  const { miner, question } = params
  const content = asked.kind === 'scored' ? asked.content : null
  const usage = asked.answer.kind === 'answered' ? asked.answer.usage : null
  return {
    messages: [...question.prompt, { role: 'assistant', content }],
    details: {
      request: { model: miner.modelName, seed: question.seed, temperature: TEMPERATURE },
      usage: jsonOrNull(usage),
      verdict: jsonOrNull(asked.kind === 'scored' ? asked.verdict.details : null),
    },
  }
}

/** What cannot be kept as JSON is left out: it came from a miner, and its sample counts all the same. */
function jsonOrNull(value: unknown): Conversation['details'][string] {
  const parsed = z.json().safeParse(value)
  return parsed.success ? parsed.data : null
}

/** The text that every miner gets for a task: it is stored once and makes conversations smaller. */
export function sharedPromptOf(question: EnvironmentTask): string {
  return question.prompt.map(({ content }) => content ?? '').join('\n')
}
