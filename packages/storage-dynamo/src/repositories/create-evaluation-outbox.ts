import type { EvaluationOutboxRepository } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { agentVersionsTable } from '../tables/agent-versions-table.ts'
import { evaluationRunsTable } from '../tables/evaluation-runs-table.ts'
import { evaluationsTable } from '../tables/evaluations-table.ts'
import { agentVersionItem, versionKey, versionOf } from './agent-version-items.ts'
import { evaluationItem, evaluationKey, evaluationOf } from './evaluation-items.ts'
import { evaluationRunItem, runKey, runOf } from './evaluation-run-items.ts'
import { createItemOutbox } from './item-outbox.ts'

/** The outboxes of everything that evaluating changes. */
export function createEvaluationOutbox(connection: DynamoConnection): EvaluationOutboxRepository {
  return {
    evaluations: createItemOutbox({
      connection,
      table: evaluationsTable,
      codec: evaluationItem,
      rowOf: evaluationOf,
      keyOfRow: evaluationKey,
    }),
    evaluationRuns: createItemOutbox({
      connection,
      table: evaluationRunsTable,
      codec: evaluationRunItem,
      rowOf: runOf,
      keyOfRow: runKey,
    }),
    agentVersions: createItemOutbox({
      connection,
      table: agentVersionsTable,
      codec: agentVersionItem,
      rowOf: versionOf,
      keyOfRow: versionKey,
    }),
  }
}
