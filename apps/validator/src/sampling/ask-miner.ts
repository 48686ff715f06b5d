import type { Conversation, ExecutionError, Miner, NewSample, SamplingTask } from '@subnetkit/core'
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

/** Asks the miner and judges its answer. Rejects with the signal's reason, or when judging itself fails. */
export async function askMiner(params: AskParams): Promise<Asked> {
  const { environment, miner, question, signal, task } = params
  const answer = await params.minerClient.ask(
    {
      hotkey: miner.hotkey,
      endpoint: miner.endpoint,
      modelName: miner.modelName,
      messages: question.prompt,
      seed: question.seed,
      temperature: TEMPERATURE,
    },
    { signal },
  )
  if (answer.kind !== 'answered') {
    return { kind: answer.kind, answer, error: executionError(answer.reason, answer.message) }
  }
  const { content } = answer
  const verdict = await environment.verify({ taskId: task.taskId, answer: content, signal })
  return { kind: 'scored', verdict, answer, content }
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
