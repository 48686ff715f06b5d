import type { Conversation } from '../models/conversation.ts'
import type { NewSample, SampleKey, SampleScope } from '../models/sample.ts'
import type { PutSampleParams } from '../repositories/sample-repository.ts'

/** A plausible sample; tests name the fields that they are about. */
export function buildNewSample(fields: Partial<NewSample> = {}): NewSample {
  return {
    minerHotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    modelRevision: '4f1c2d9',
    environment: 'affine:ded',
    generation: 1,
    taskId: 1,
    uid: 7,
    modelName: 'someone/model-7b',
    modelHash: 'c0ffee',
    subset: 'train',
    datasetIndex: 1,
    score: 0.5,
    success: true,
    latencyMs: 1200,
    takenAt: new Date('2026-02-03T04:05:06.345Z'),
    validatorHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    blockNumber: 5_000_000,
    signature: 'ab'.repeat(64),
    ...fields,
  }
}

/** A conversation of one question and one answer. */
export function buildConversation(answer: string, question = 'What is 6 × 7?'): Conversation {
  return {
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    details: { usage: { completionTokens: answer.length } },
  }
}

/** What a `put` takes; the answer is made from the task's id unless it is given. */
export function buildPutSample(fields: Partial<NewSample> = {}, answer?: string): PutSampleParams {
  const sample = buildNewSample(fields)
  const conversation = buildConversation(answer ?? `the answer to task ${sample.taskId}`)
  return { sample, conversation, sharedPrompt: null }
}

/** The key of a sample, without the rest of it. */
export function sampleKeyOf(sample: SampleKey): SampleKey {
  const { generation, taskId } = sample
  return { ...sampleScopeOf(sample), generation, taskId }
}

/** The scope of a sample, without the rest of it. */
export function sampleScopeOf(sample: SampleScope): SampleScope {
  const { minerHotkey, modelRevision, environment } = sample
  return { minerHotkey, modelRevision, environment }
}
