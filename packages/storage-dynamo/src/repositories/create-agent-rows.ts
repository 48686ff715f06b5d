import {
  evaluationAttemptSchema,
  evaluationRunSchema,
  uuidSchema,
  type AgentRowsRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import type { DynamoConnection } from '../connect.ts'
import { agentVersionsTable } from '../tables/agent-versions-table.ts'
import { agentsTable } from '../tables/agents-table.ts'
import { evaluationRunsTable } from '../tables/evaluation-runs-table.ts'
import { evaluationsTable } from '../tables/evaluations-table.ts'
import { weightsHistoryTable } from '../tables/weights-history-table.ts'
import { agentItem, agentKey } from './agent-items.ts'
import {
  agentVersionItem,
  versionKey,
  versionOf,
  versionPlaceItem,
  versionPlaceKey,
} from './agent-version-items.ts'
import {
  evaluationItem,
  evaluationKey,
  evaluationOf,
  evaluationPlaceItem,
  evaluationPlaceKey,
} from './evaluation-items.ts'
import { evaluationRunItem, runKey, runOf } from './evaluation-run-items.ts'
import { createItemReader, getEach } from './item-reader.ts'
import { snapshotKey, SNAPSHOT_PARTITION, weightsSnapshotItem } from './weights-snapshot-items.ts'

const isNoPlace = ({ sk }: Readonly<Record<string, unknown>>): boolean => sk !== 'PLACE'

/** Every row of the agent registry, for comparing it with another store. */
export function createAgentRows(connection: DynamoConnection): AgentRowsRepository {
  return {
    agents: createItemReader({
      connection,
      table: agentsTable,
      key: z.strictObject({ agentId: uuidSchema }),
      attributes: ['agentId'],
      isRow: ({ pk, agentId }) => typeof agentId === 'string' && pk === agentKey.build({ agentId }),
      locate: async (keys) => keys.map(({ agentId }) => ({ pk: agentKey.build({ agentId }) })),
      read: agentItem.decode,
      isOf: () => true,
    }),
    agentVersions: createItemReader({
      connection,
      table: agentVersionsTable,
      key: z.strictObject({ agentId: uuidSchema, versionId: uuidSchema }),
      attributes: ['agentId', 'versionId'],
      isRow: isNoPlace,
      locate: async (keys, options) => {
        const places = keys.map(({ versionId }) => versionPlaceKey(versionId))
        const found = await getEach({ connection, table: agentVersionsTable }, places, options)
        return found.map((place) => (place === null ? null : versionKey(versionPlaceItem.decode(place))))
      },
      read: (item) => versionOf(agentVersionItem.decode(item)),
      isOf: ({ agentId }, key) => agentId === key.agentId,
    }),
    evaluations: createItemReader({
      connection,
      table: evaluationsTable,
      key: z.strictObject({ versionId: uuidSchema, evaluationId: uuidSchema }),
      attributes: ['versionId', 'evaluationId'],
      isRow: isNoPlace,
      locate: async (keys, options) => {
        const places = keys.map(({ evaluationId }) => evaluationPlaceKey(evaluationId))
        const found = await getEach({ connection, table: evaluationsTable }, places, options)
        return found.map((place) =>
          place === null ? null : evaluationKey(evaluationPlaceItem.decode(place)),
        )
      },
      read: (item) => evaluationOf(evaluationItem.decode(item)),
      isOf: ({ versionId, evaluationId }, key) =>
        versionId === key.versionId && evaluationId === key.evaluationId,
    }),
    evaluationRuns: createItemReader({
      connection,
      table: evaluationRunsTable,
      key: z.strictObject({
        evaluationId: uuidSchema,
        runId: uuidSchema,
        attempt: integerAttribute.pipe(evaluationAttemptSchema),
        swebenchInstanceId: evaluationRunSchema.shape.swebenchInstanceId,
      }),
      attributes: ['evaluationId', 'runId', 'attempt', 'swebenchInstanceId'],
      isRow: () => true,
      locate: async (keys) => keys.map(runKey),
      read: (item) => runOf(evaluationRunItem.decode(item)),
      isOf: ({ runId }, key) => runId === key.runId,
    }),
    weightsSnapshots: createItemReader({
      connection,
      table: weightsHistoryTable,
      key: z.strictObject({ timestamp: instantAttribute, id: uuidSchema }),
      attributes: ['timestamp', 'id'],
      isRow: ({ pk }) => pk === SNAPSHOT_PARTITION,
      locate: async (keys) => keys.map(snapshotKey),
      read: weightsSnapshotItem.decode,
      isOf: () => true,
    }),
  }
}
