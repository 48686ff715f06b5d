import {
  newSampleSchema,
  parseInput,
  taskIdSchema,
  type Conversation,
  type NewSample,
  type PutSampleParams,
} from '@subnetkit/core'
import { z } from 'zod'

import { fromLegacyJson } from '../conversations/legacy-conversation.ts'
import type { ShardName } from './shard-name.ts'

/** Generation of all imported samples: live sampling never writes it, so an import cannot touch a live sample. */
const IMPORTED_GENERATION = 0

const extraSchema = z.record(z.string(), z.json())
type Extra = z.infer<typeof extraSchema>
const taskNumber = z.union([
  taskIdSchema,
  z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
])

const minerSchema = z.looseObject({
  uid: z.int().nullish(),
  hotkey: z.string(),
  model: z.string().nullish(),
  revision: z.string().nullish(),
  model_hash: z.string().nullish(),
})

const resultSchema = z.looseObject({
  signature: z.string().nullish(),
  hotkey: z.string(),
  miner: minerSchema,
  env: z.string(),
  score: z.number(),
  latency_seconds: z.number().nullish(),
  success: z.boolean().nullish(),
  error: z.string().nullish(),
  task_id: z.unknown().optional(),
  extra: extraSchema.nullish(),
  timestamp: z.number(),
})
type Result = z.infer<typeof resultSchema>

/** The shape before results were flat; its signatures were never checked by anybody. */
const nestedSchema = z.looseObject({
  hotkey: z.string(),
  miner: minerSchema,
  challenge: z.looseObject({
    env: z.string(),
    extra: extraSchema.nullish(),
    timestamp: z.number().nullish(),
  }),
  response: z.looseObject({
    latency_seconds: z.number().nullish(),
    success: z.boolean().nullish(),
    error: z.string().nullish(),
    timestamp: z.number().nullish(),
  }),
  evaluation: z.looseObject({ score: z.number(), extra: extraSchema.nullish() }),
})

/** A row of a shard as a sample, with what is needed to know the miner. */
export interface LegacyResult {
  readonly put: PutSampleParams
  /** True for the older, nested shape, which nobody signed in a way that can be checked. */
  readonly isNested: boolean
}

/**
 * Reads one row of a shard: the flat result of the earlier system, or its older nested shape. Returns null when the row
 * names no task: it cannot be told from another answer of the same miner.
 *
 * The block is the shard's window, not the miner's commitment, which the earlier import took by mistake; a missing
 * revision or model is `unknown`; of `extra` nothing is dropped.
 *
 * @throws InputError naming the field that does not fit; StorageError `corrupt_row` when the conversation is none.
 */
export function readLegacyResult(row: unknown, shard: ShardName): LegacyResult | null {
  const isNested = typeof row === 'object' && row !== null && 'challenge' in row
  const result = isNested ? flatten(row) : parseInput(resultSchema, row, { subject: 'row' })
  const extra = result.extra ?? {}
  const taskId = taskIdOf(result, extra)
  if (taskId === null) return null
  const sample = parseInput(newSampleSchema, sampleOf(result, extra, taskId, shard, isNested), {
    subject: 'row',
  })
  const conversation = conversationOf(result, extra)
  return { put: { sample, conversation, sharedPrompt: promptOf(conversation) }, isNested }
}

function flatten(row: unknown): Result {
  const { challenge, response, evaluation, ...rest } = parseInput(nestedSchema, row, { subject: 'row' })
  const extra = { ...challenge.extra, ...evaluation.extra }
  return parseInput(
    resultSchema,
    {
      ...rest,
      env: challenge.env,
      score: evaluation.score,
      latency_seconds: response.latency_seconds,
      success: response.success,
      error: response.error,
      task_id: extra['task_id'],
      extra,
      timestamp: response.timestamp ?? challenge.timestamp,
    },
    { subject: 'row' },
  )
}

function taskIdOf(result: Result, extra: Extra): number | null {
  const { request } = extra
  const nested =
    typeof request === 'object' && request !== null && 'task_id' in request ? request['task_id'] : null
  for (const candidate of [result.task_id, extra['task_id'], nested]) {
    const parsed = taskNumber.safeParse(candidate)
    if (parsed.success) return parsed.data
  }
  return null
}

function sampleOf(
  result: Result,
  extra: Extra,
  taskId: number,
  shard: ShardName,
  isNested: boolean,
): NewSample {
  const { miner } = result
  const subset = extra['subset']
  const datasetIndex = extra['dataset_index']
  return {
    minerHotkey: miner.hotkey,
    modelRevision: miner.revision ?? 'unknown',
    environment: result.env,
    generation: IMPORTED_GENERATION,
    taskId,
    uid: miner.uid ?? null,
    modelName: miner.model ?? 'unknown',
    modelHash: miner.model_hash ?? 'unknown',
    subset: typeof subset === 'string' && subset !== '' ? subset : 'unknown',
    datasetIndex: typeof datasetIndex === 'number' ? datasetIndex : 0,
    score: result.score,
    success: result.success ?? result.score > 0,
    latencyMs: Math.max(0, Math.trunc((result.latency_seconds ?? 0) * 1000)),
    takenAt: new Date(Math.trunc(result.timestamp * 1000)),
    validatorHotkey: result.hotkey,
    blockNumber: shard.window,
    signature: isNested ? null : signatureOf(result.signature),
  }
}

function signatureOf(signature: string | null | undefined): string | null {
  if (signature === null || signature === undefined || signature === '') return null
  return signature.replace(/^0x/, '').toLowerCase()
}

/** Nothing of `extra` is dropped, and who answered is kept with what was said. */
function conversationOf({ miner, error }: Result, extra: Extra): Conversation {
  return fromLegacyJson({ ...extra, miner, ...(typeof error === 'string' ? { error } : {}) })
}

/** What came before the first answer: the same for every miner that was asked this task. */
function promptOf({ messages }: Conversation): string | null {
  const answer = messages.findIndex(({ role }) => role === 'assistant')
  const prompt = messages.slice(0, answer === -1 ? messages.length : answer)
  const text = prompt.map(({ content }) => content ?? '').join('\n')
  return text === '' ? null : text
}
