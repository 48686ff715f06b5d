import {
  AGENT_UPLOAD_ATTEMPT_DAYS,
  agentUploadAttemptSchema,
  countSchema,
  hotkeySchema,
  versionNumSchema,
  type AgentUploadAttempt,
} from '@subnetkit/core'
import { z } from 'zod'

import { epochSecondsAttribute, instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { bigintPart, numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

const MS_PER_DAY = 86_400_000
const MS_PER_HOUR = 3_600_000

/** Partition of one hotkey's attempts. */
export const uploadAttemptPartition = keyTemplate<{ minerHotkey: string }>(
  { minerHotkey: textPart('HOTKEY') },
  KEY_LIMITS.partition,
)

const attemptKey = keyTemplate<{ atMs: bigint; attemptId: string }>({
  atMs: bigintPart('TIME', 16),
  attemptId: textPart('ATTEMPT'),
})

const hourKey = keyTemplate<{ minerHotkey: string; hour: number }>(
  { minerHotkey: textPart('HOTKEY'), hour: numberPart('HOUR', 10) },
  KEY_LIMITS.partition,
)

/** One attempt. */
export const uploadAttemptItem = createItemCodec<AgentUploadAttempt>({
  name: 'agentUploadAttempt',
  schema: z.strictObject({
    ...agentUploadAttemptSchema.shape,
    at: instantAttribute,
    versionNum: integerAttribute.pipe(versionNumSchema),
    sizeBytes: integerAttribute.pipe(countSchema),
  }) satisfies z.ZodType<AgentUploadAttempt>,
  keys: ({ minerHotkey, at, attemptId }) => ({
    pk: uploadAttemptPartition.build({ minerHotkey }),
    sk: attemptKey.build({ atMs: BigInt(at.getTime()), attemptId }),
    ttl: z.encode(epochSecondsAttribute, new Date(at.getTime() + AGENT_UPLOAD_ATTEMPT_DAYS * MS_PER_DAY)),
  }),
})

/** How many of a hotkey's places in an hour are taken. */
export interface UploadPlaces {
  readonly minerHotkey: string
  /** Whole hours since 1970. */
  readonly hour: number
  readonly taken: number
}

/** The places of an hour; they are forgotten an hour after it. */
export const uploadPlacesItem = createItemCodec<UploadPlaces>({
  name: 'agentUploadPlaces',
  schema: z.strictObject({
    minerHotkey: hotkeySchema,
    hour: integerAttribute.pipe(countSchema),
    taken: integerAttribute.pipe(countSchema),
  }) satisfies z.ZodType<UploadPlaces>,
  keys: ({ minerHotkey, hour }) => ({
    pk: hourKey.build({ minerHotkey, hour }),
    sk: 'PLACES',
    ttl: z.encode(epochSecondsAttribute, new Date((hour + 2) * MS_PER_HOUR)),
  }),
})

/** The hour that a time lies in, in whole hours since 1970. */
export function hourOf(time: Date): number {
  return Math.floor(time.getTime() / MS_PER_HOUR)
}
