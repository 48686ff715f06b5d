import {
  countSchema,
  EXECUTION_LOG_DAYS,
  executionErrorSchema,
  executionLogSchema,
  generationSchema,
  taskIdSchema,
  type ExecutionLog,
} from '@subnetkit/core'
import { z } from 'zod'

import {
  epochSecondsAttribute,
  floatAttribute,
  instantAttribute,
  integerAttribute,
  textAttribute,
} from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { bigintPart, numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

const MS_PER_DAY = 86_400_000

/** Partition of one miner's attempts. */
export const executionLogPartition = keyTemplate<{ minerHotkey: string }>(
  { minerHotkey: textPart('MINER') },
  KEY_LIMITS.partition,
)

/** How sort keys of attempts that finished at a time begin: milliseconds since 1970. */
export const executionLogTime = keyTemplate<{ finishedAtMs: bigint }>({
  finishedAtMs: bigintPart('TIME', 16),
})

interface LogPlace {
  readonly modelRevision: string
  readonly environment: string
  readonly generation: number
  readonly taskId: number
  readonly attempt: number
}

const logPlace = keyTemplate<LogPlace & Record<string, unknown>>({
  modelRevision: textPart('REV'),
  environment: textPart('ENV'),
  generation: numberPart('GEN', 6),
  taskId: numberPart('TASK', 12),
  attempt: numberPart('ATTEMPT', 6),
})

/** One attempt. */
export const executionLogItem = createItemCodec<ExecutionLog>({
  name: 'executionLog',
  schema: z.strictObject({
    ...executionLogSchema.shape,
    generation: integerAttribute.pipe(generationSchema),
    taskId: integerAttribute.pipe(taskIdSchema),
    attempt: integerAttribute.pipe(executionLogSchema.shape.attempt),
    error: z.strictObject({ ...executionErrorSchema.shape, message: textAttribute }).nullable(),
    score: floatAttribute.nullable(),
    durationMs: integerAttribute.pipe(countSchema),
    finishedAt: instantAttribute,
  }) satisfies z.ZodType<ExecutionLog>,
  keys: ({ minerHotkey, finishedAt, ...place }) => ({
    pk: executionLogPartition.build({ minerHotkey }),
    sk: `${executionLogTime.build({ finishedAtMs: BigInt(finishedAt.getTime()) })}#${logPlace.build(place)}`,
    ttl: z.encode(epochSecondsAttribute, new Date(finishedAt.getTime() + EXECUTION_LOG_DAYS * MS_PER_DAY)),
  }),
})
