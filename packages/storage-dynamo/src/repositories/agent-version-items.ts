import { agentVersionSchema, uuidSchema, versionNumSchema, type AgentVersion } from '@subnetkit/core'
import { z } from 'zod'

import { floatAttribute, instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import { copyStateShape, outboxKey, type CopyState } from './outbox-key.ts'

/** Partition of the versions of one agent. */
export const versionPartition = keyTemplate<{ agentId: string }>(
  { agentId: textPart('AGENT') },
  KEY_LIMITS.partition,
)

const versionSort = keyTemplate<{ at: number; versionId: string }>({
  at: numberPart('AT', 15),
  versionId: textPart('VERSION'),
})

const placePartition = keyTemplate<{ versionId: string }>(
  { versionId: textPart('VERSION') },
  KEY_LIMITS.partition,
)

/**
 * A version as it is stored. Only a score that evaluations made awaits its copy here: whoever puts a version has an
 * outbox of his own.
 */
export interface AgentVersionRecord extends AgentVersion, CopyState {}

/** One version. */
export const agentVersionItem = createItemCodec<AgentVersionRecord>({
  name: 'agentVersion',
  schema: z.strictObject({
    ...agentVersionSchema.shape,
    versionNum: integerAttribute.pipe(versionNumSchema),
    createdAt: instantAttribute,
    score: floatAttribute.pipe(agentVersionSchema.shape.score.unwrap()).nullable(),
    ...copyStateShape,
  }) satisfies z.ZodType<AgentVersionRecord>,
  keys: (record) => ({ ...versionKey(record), ...outboxKey(record, record.versionId) }),
})

/** The version that a record holds. */
export function versionOf(record: AgentVersionRecord): AgentVersion {
  const { awaitsCopy: _copy, revision: _revision, ...version } = record
  return version
}

/** Where a version stands among its agent's. */
export type VersionPlace = Pick<AgentVersion, 'versionId' | 'agentId' | 'createdAt'>

/** Finds a version by its id; written once, before the version, and never changed. */
export const versionPlaceItem = createItemCodec<VersionPlace>({
  name: 'agentVersionPlace',
  schema: z.strictObject({
    versionId: uuidSchema,
    agentId: uuidSchema,
    createdAt: instantAttribute,
  }) satisfies z.ZodType<VersionPlace>,
  keys: ({ versionId }) => versionPlaceKey(versionId),
})

/** The key of the item that finds a version. */
export function versionPlaceKey(versionId: string): Item {
  return { pk: placePartition.build({ versionId }), sk: 'PLACE' }
}

/** The key of the version that stands there. */
export function versionKey({ agentId, createdAt, versionId }: VersionPlace): Item {
  return {
    pk: versionPartition.build({ agentId }),
    sk: versionSort.build({ at: createdAt.getTime(), versionId }),
  }
}
