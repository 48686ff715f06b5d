import { createHash } from 'node:crypto'

import { agentSchema, hotkeySchema, uuidSchema, versionNumSchema, type Agent } from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import { AGENT_SHARDS } from '../tables/agents-table.ts'

/** Partition of one agent. */
export const agentKey = keyTemplate<{ agentId: string }>({ agentId: textPart('AGENT') }, KEY_LIMITS.partition)

/** Partition of the item that finds a hotkey's agent. */
export const hotkeyKey = keyTemplate<{ minerHotkey: string }>(
  { minerHotkey: textPart('HOTKEY') },
  KEY_LIMITS.partition,
)

const shardKey = keyTemplate<{ shard: number }>({ shard: numberPart('AGENTS', 2) }, KEY_LIMITS.partition)

/** The partitions of all agents in the index `by-shard`. */
export const agentShards: readonly string[] = Array.from({ length: AGENT_SHARDS }, (_, shard) =>
  shardKey.build({ shard }),
)

/** One agent. */
export const agentItem = createItemCodec<Agent>({
  name: 'agent',
  schema: z.strictObject({
    ...agentSchema.shape,
    latestVersion: integerAttribute.pipe(versionNumSchema),
    createdAt: instantAttribute,
    lastUpdated: instantAttribute,
  }) satisfies z.ZodType<Agent>,
  keys: ({ agentId }) => ({
    pk: agentKey.build({ agentId }),
    shardPk: shardKey.build({ shard: shardOf(agentId) }),
  }),
})

/** Says which agent a hotkey has, or is about to get. */
export type HotkeyClaim = Pick<Agent, 'minerHotkey' | 'agentId'>

/** A hotkey's claim, written before its agent. */
export const hotkeyClaimItem = createItemCodec<HotkeyClaim>({
  name: 'hotkeyClaim',
  schema: z.strictObject({
    minerHotkey: hotkeySchema,
    agentId: uuidSchema,
  }) satisfies z.ZodType<HotkeyClaim>,
  keys: ({ minerHotkey }) => ({ pk: hotkeyKey.build({ minerHotkey }) }),
})

function shardOf(agentId: string): number {
  return (createHash('sha256').update(agentId).digest()[0] ?? 0) % AGENT_SHARDS
}
