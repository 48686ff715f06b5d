import type { AgentRecordRepository, CallOptions, PutResult, RowSource } from '@subnetkit/core'

import { countAgentRows } from '../agents/count-agent-rows.ts'
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
    stamp: bigint | undefined,
    options: CallOptions | undefined,
  ): Promise<PutResult> => {
    const stored = await insertRows(connection, codec, rows, {
      version: stamp ?? version,
      ...signalOf(options),
    })
    return { rows: stored.rows }
  }
  return {
    stamp: () => version.next(),
    putAgents: async ({ agents, stamp }, options) => put(agentRow, agents, stamp, options),
    putVersions: async ({ versions, stamp }, options) => put(agentVersionRow, versions, stamp, options),
    putEvaluations: async ({ evaluations, stamp }, options) =>
      put(evaluationRow, evaluations, stamp, options),
    putRuns: async ({ runs, stamp }, options) => put(evaluationRunRow, runs, stamp, options),
    putSnapshots: async ({ snapshots, stamp }, options) => put(weightsSnapshotRow, snapshots, stamp, options),
    count: async (params, options) => countAgentRows(connection, params, options),
  }
}
