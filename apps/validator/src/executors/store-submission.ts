import {
  type ConversationMessage,
  InputError,
  type Sample,
  type SampleKey,
  type SamplingTask,
  StorageError,
} from '@subnetkit/core'

import { isSignedBy } from '../auth/is-signed-by.ts'
import { sampleText } from '../auth/sample-statement.ts'
import type { Environment, EnvironmentTask } from '../ports/environment.ts'
import type { MinerAnswer } from '../ports/miner-client.ts'
import { conversationOf, sampleOf, sharedPromptOf, type Asked } from '../sampling/ask-miner.ts'
import { attemptOf, executionError } from '../sampling/attempt-record.ts'
import { keyOf, lostReason, settleStored, storeAttempt } from '../sampling/store-attempt.ts'
import { servesAnotherModel } from './claim-for-executor.ts'
import { checkTokenOwner, type ExecutorDeps, leaseRefusal, storeDepsOf } from './executor-deps.ts'
import type { Submission } from './submission.ts'
import { hasSameContent, sha256Of } from './submission-content.ts'

/** What became of it: `superseded` means that another attempt's sample stood already, and stands. */
export type StoredSubmission = Readonly<{ outcome: 'stored' | 'superseded'; sample: Sample }>

/**
 * Judges and keeps what an executor submits; resolves when the sample is stored and its task completed. The same
 * submission again, after a lost reply, has the same result.
 *
 * @throws RequestRefusal 403 when the lease is another's, 409 when it does not count any more.
 * @throws InputError when signature or conversation do not fit the task.
 */
export async function storeSubmission(
  deps: ExecutorDeps,
  submission: Submission,
  signal: AbortSignal,
): Promise<StoredSubmission> {
  const { hotkey, key, token } = submission
  checkTokenOwner(hotkey, token)
  checkSignature(submission)
  const environment = environmentOf(deps, key)
  const question = environment.generate(key.taskId)
  checkConversation(submission, question)
  const task = await deps.repositories.samplingTasks.find({ key, now: deps.now() })
  if (task === null) throw noSuchTask(key)
  const stored = await deps.repositories.samples.find({ key })
  if (stored !== null) return await settleSubmission(deps, { submission, task, stored, question })
  if (task.status === 'revoked' || task.status === 'completed') throw leaseRefusal(task.status)
  if (task.lease?.token !== token) throw leaseRefusal('lease_lost')
  return await storeNew(deps, { submission, task, environment, question }, signal)
}

interface NewSubmission {
  readonly submission: Submission
  readonly task: SamplingTask
  readonly environment: Environment
  readonly question: EnvironmentTask
}

async function storeNew(
  deps: ExecutorDeps,
  given: NewSubmission,
  signal: AbortSignal,
): Promise<StoredSubmission> {
  const { submission, task, environment, question } = given
  const { hotkey, token, signature } = submission
  const { miners, samplingTasks } = deps.repositories
  const miner = await miners.find({ hotkey: task.minerHotkey })
  if (miner === null || servesAnotherModel(miner, task)) {
    const exceptModelHash = miner?.modelHash ?? null
    await samplingTasks.revoke({ minerHotkey: task.minerHotkey, exceptModelHash, now: deps.now() })
    throw leaseRefusal('revoked')
  }
  const asked = await judge(submission, environment, signal)
  const takenAt = deps.now()
  const { validatorHotkey } = deps
  const blockNumber = deps.blockNumberAt(takenAt)
  const params = { task, miner, environment, question, validatorHotkey, blockNumber, takenAt }
  const { leaseMs, pauseAfterErrors } = await deps.settings()
  const conversation = conversationOf(asked, params)
  const messages = messagesOf(submission)
  const result = await storeAttempt(storeDepsOf(deps), {
    task,
    token,
    leaseMs,
    attempt: {
      number: task.attempts,
      worker: hotkey,
      outcome: asked.kind === 'scored' ? 'scored' : 'miner_fault',
      error: asked.kind === 'scored' ? null : asked.error,
    },
    sample: { ...sampleOf(asked, params), signature },
    conversation: messages === null ? conversation : { ...conversation, messages },
    sharedPrompt: sharedPromptOf(question),
    pauseAfterErrors,
  })
  if (result.kind === 'lost') throw leaseRefusal(result.reason)
  return { outcome: result.kind, sample: result.sample }
}

/** A sample is there: the same submission is finished and told again; another one is told that it came second. */
async function settleSubmission(
  deps: ExecutorDeps,
  given: Readonly<{ submission: Submission; task: SamplingTask; stored: Sample; question: EnvironmentTask }>,
): Promise<StoredSubmission> {
  const { submission, task, stored, question } = given
  const { token } = submission
  const { samples, samplingTasks } = deps.repositories
  const key = keyOf(task)
  if (task.status !== 'completed') {
    const { pauseAfterErrors } = await deps.settings()
    const sharedPrompt = sharedPromptOf(question)
    await settleStored(storeDepsOf(deps), { task, token, sample: stored, sharedPrompt, pauseAfterErrors })
  }
  const conversation = await samples.findConversation({ key })
  if (hasSameContent(submission, stored, conversation)) return { outcome: 'stored', sample: stored }
  // The executor said something else before: that stands, and this is no resend of it.
  if (attemptOf(conversation)?.worker === submission.hotkey) throw leaseRefusal('completed')
  try {
    await samplingTasks.complete({ key, token, sampleId: stored.sampleId, now: deps.now() })
    return { outcome: 'superseded', sample: stored }
  } catch (error) {
    const reason = lostReason(error)
    throw reason === null ? error : leaseRefusal(reason)
  }
}

async function judge(
  submission: Submission,
  environment: Environment,
  signal: AbortSignal,
): Promise<Exclude<Asked, { kind: 'infrastructure_fault' }>> {
  const { key, latencyMs, outcome } = submission
  if (outcome.kind === 'miner_fault') {
    const { kind, message, reason } = outcome
    const answer: MinerAnswer = { kind, reason, message, latencyMs }
    return { kind, answer, error: executionError(reason, message) }
  }
  const { answer: content, usage } = outcome
  const verdict = await environment.verify({ taskId: key.taskId, answer: content, signal })
  return { kind: 'scored', verdict, content, answer: { kind: 'answered', content, latencyMs, usage } }
}

function environmentOf(deps: ExecutorDeps, key: SampleKey): Environment {
  const environment = deps.environments.get(key.environment)
  if (environment === undefined) throw noSuchTask(key)
  return environment
}

function noSuchTask(key: SampleKey): StorageError {
  const { environment, taskId, minerHotkey } = key
  return new StorageError({
    code: 'not_found',
    message: `there is no task ${taskId} of ${environment} for ${minerHotkey}; tasks are forgotten 7 days after their end`,
  })
}

function checkSignature({ hotkey, key, latencyMs, outcome, signature }: Submission): void {
  const isAnswer = outcome.kind === 'answered'
  const text = sampleText({
    key,
    latencyMs,
    answerSha256: isAnswer ? sha256Of(outcome.answer) : null,
    fault: isAnswer ? null : outcome.reason,
  })
  if (isSignedBy(hotkey, text, signature)) return
  throw new InputError({
    field: 'body.signature',
    problem: 'is not this hotkey’s over the sample',
    hint: `sign exactly ${text}`,
  })
}

/** The whole conversation of an answer, or null when it is the task's prompt and the answer. */
function messagesOf({ outcome }: Submission): ConversationMessage[] | null {
  if (outcome.kind !== 'answered' || outcome.messages === null) return null
  return [...outcome.messages, { role: 'assistant', content: outcome.answer }]
}

function checkConversation({ outcome }: Submission, question: EnvironmentTask): void {
  if (outcome.kind !== 'answered' || outcome.messages === null) return
  const { messages } = outcome
  const isFaithful = question.prompt.every(
    ({ role, content }, index) => messages[index]?.role === role && messages[index].content === content,
  )
  if (isFaithful) return
  throw new InputError({
    field: 'body.messages',
    problem: 'do not begin with the prompt of this task',
    hint: 'give all messages before the answer, the prompt as the claim gave it first',
  })
}
