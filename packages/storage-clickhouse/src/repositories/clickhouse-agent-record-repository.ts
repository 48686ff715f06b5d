import type { AgentRecordRepository, CallOptions, PutResult, RowSource } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import { insertRows } from '../query/insert-rows.ts'
import { agentRow } from './agent-rows.ts'
import { agentVersionRow } from './agent-version-rows.ts'
import { evaluationRow } from './evaluation-rows.ts'
import { evaluationRunRow } from './evaluation-run-rows.ts'
import { signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { weightsSnapshotRow } from './weights-snapshot-rows.ts'

/** Whole rows of the agent registry, in batches. */
export function createClickHouseAgentRecordRepository({
  connection,
  version,
}: RepositoryContext): AgentRecordRepository {
  const put = async <Row>(
    codec: RowCodec<Row>,
    rows: RowSource<Row>,
    options: CallOptions | undefined,
  ): Promise<PutResult> => {
    const stored = await insertRows(connection, codec, rows, { version, ...signalOf(options) })
    return { rows: stored.rows }
  }
  return {
    putAgents: async ({ agents }, options) => put(agentRow, agents, options),
    putVersions: async ({ versions }, options) => put(agentVersionRow, versions, options),
    putEvaluations: async ({ evaluations }, options) => put(evaluationRow, evaluations, options),
    putRuns: async ({ runs }, options) => put(evaluationRunRow, runs, options),
    putSnapshots: async ({ snapshots }, options) => put(weightsSnapshotRow, snapshots, options),
  }
}
