import {
  agentSchema,
  agentVersionSchema,
  evaluationRunSchema,
  evaluationSchema,
  isStorageError,
  weightsSnapshotSchema,
  type AgentRowsRepository,
  type CallOptions,
  type StoredRow,
  type TableReader,
} from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import type { QueryParams } from '../query-params.ts'
import { readPage, type PageKey } from '../query/read-page.ts'
import { readAll } from '../query/read-rows.ts'
import { agentRow } from './agent-rows.ts'
import { agentVersionRow } from './agent-version-rows.ts'
import { evaluationRow } from './evaluation-rows.ts'
import { evaluationRunRow } from './evaluation-run-rows.ts'
import { signalOf } from './key-condition.ts'
import type { RepositoryContext } from './keyed-rows.ts'
import { weightsSnapshotRow } from './weights-snapshot-rows.ts'

const engine = 'ReplacingMergeTree'
const id = { type: 'String' } as const

const agentKeyRow = rowCodec({
  table: 'agents',
  engine,
  schema: agentSchema.pick({ agentId: true }),
  columns: { agentId: column.string() },
})

const versionKeyRow = rowCodec({
  table: 'agent_versions',
  engine,
  schema: agentVersionSchema.pick({ agentId: true, versionId: true }),
  columns: { agentId: column.string(), versionId: column.string() },
})

const evaluationKeyRow = rowCodec({
  table: 'evaluations',
  engine,
  schema: evaluationSchema.pick({ versionId: true, evaluationId: true }),
  columns: { versionId: column.string(), evaluationId: column.string() },
})

const runKeyRow = rowCodec({
  table: 'evaluation_runs',
  engine,
  schema: evaluationRunSchema.pick({
    evaluationId: true,
    runId: true,
    attempt: true,
    swebenchInstanceId: true,
  }),
  columns: {
    evaluationId: column.string(),
    runId: column.string(),
    attempt: column.uint8(),
    swebenchInstanceId: column.lowCardinality(),
  },
})

const snapshotKeyRow = rowCodec({
  table: 'weights_history',
  engine,
  schema: weightsSnapshotSchema.pick({ timestamp: true, id: true }),
  columns: { timestamp: column.dateTime64(), id: column.string() },
})

/** One table, by its sorting key: pages of keys are ranges of it, and so are rows that lie together. */
interface TableOptions<Row extends Key, Key extends object> {
  readonly codec: RowCodec<Row>
  readonly keyCodec: RowCodec<Key>
  readonly orderBy: readonly PageKey<Key>[]
  readonly where: string
  readonly params: (keys: readonly Key[]) => QueryParams
}

/** Every row of the agent registry, for comparing it with another store. */
export function createClickHouseAgentRows({ connection }: RepositoryContext): AgentRowsRepository {
  const tableReader = <Row extends Key, Key extends object>(
    table: TableOptions<Row, Key>,
  ): TableReader<Row, Key> => createTableReader(connection, table)
  return {
    agents: tableReader({
      codec: agentRow,
      keyCodec: agentKeyRow,
      orderBy: [{ ...id, field: 'agentId', column: 'agent_id' }],
      where: 'agent_id IN {agents:Array(String)}',
      params: (keys) => ({ agents: keys.map(({ agentId }) => agentId) }),
    }),
    agentVersions: tableReader({
      codec: agentVersionRow,
      keyCodec: versionKeyRow,
      orderBy: [
        { ...id, field: 'agentId', column: 'agent_id' },
        { ...id, field: 'versionId', column: 'version_id' },
      ],
      where: 'agent_id IN {agents:Array(String)} AND version_id IN {versions:Array(String)}',
      params: (keys) => ({
        agents: keys.map(({ agentId }) => agentId),
        versions: keys.map(({ versionId }) => versionId),
      }),
    }),
    evaluations: tableReader({
      codec: evaluationRow,
      keyCodec: evaluationKeyRow,
      orderBy: [
        { ...id, field: 'versionId', column: 'version_id' },
        { ...id, field: 'evaluationId', column: 'evaluation_id' },
      ],
      where: 'version_id IN {versions:Array(String)} AND evaluation_id IN {evaluations:Array(String)}',
      params: (keys) => ({
        versions: keys.map(({ versionId }) => versionId),
        evaluations: keys.map(({ evaluationId }) => evaluationId),
      }),
    }),
    evaluationRuns: tableReader({
      codec: evaluationRunRow,
      keyCodec: runKeyRow,
      orderBy: [
        { ...id, field: 'evaluationId', column: 'evaluation_id' },
        { ...id, field: 'runId', column: 'run_id' },
      ],
      where: 'evaluation_id IN {evaluations:Array(String)} AND run_id IN {runs:Array(String)}',
      params: (keys) => ({
        evaluations: keys.map(({ evaluationId }) => evaluationId),
        runs: keys.map(({ runId }) => runId),
      }),
    }),
    weightsSnapshots: tableReader({
      codec: weightsSnapshotRow,
      keyCodec: snapshotKeyRow,
      orderBy: [
        { type: "DateTime64(3, 'UTC')", field: 'timestamp', column: 'timestamp' },
        { ...id, field: 'id', column: 'id' },
      ],
      where: 'id IN {ids:Array(String)}',
      params: (keys) => ({ ids: keys.map((key) => key.id) }),
    }),
  }
}

function createTableReader<Row extends Key, Key extends object>(
  connection: ClickHouseConnection,
  { codec, keyCodec, orderBy, where, params }: TableOptions<Row, Key>,
): TableReader<Row, Key> {
  const textOf = (key: Key): string => JSON.stringify(orderBy.map(({ field }) => key[field]))
  /** Halved until what cannot be read stands alone, so that nothing else suffers from it. */
  const read = async (
    keys: readonly Key[],
    into: Map<string, StoredRow<Row>>,
    options: CallOptions | undefined,
  ): Promise<void> => {
    const sql = `SELECT {columns} FROM {table} WHERE ${where}`
    try {
      const rows = await readAll(connection, codec, { sql, params: params(keys), ...signalOf(options) })
      for (const row of rows) into.set(textOf(row), { kind: 'row', row })
    } catch (error) {
      if (!isStorageError(error, 'corrupt_row')) throw error
      const [only] = keys
      if (keys.length === 1 && only !== undefined) {
        into.set(textOf(only), { kind: 'unreadable', problem: error.message })
        return
      }
      const half = Math.ceil(keys.length / 2)
      await read(keys.slice(0, half), into, options)
      await read(keys.slice(half), into, options)
    }
  }
  return {
    listKeys: async (page, options) =>
      readPage(connection, keyCodec, { ...page, orderBy, ...signalOf(options) }),
    async findMany({ keys }, options) {
      const found = new Map<string, StoredRow<Row>>()
      if (keys.length > 0) await read(keys, found, options)
      return keys.map((key) => found.get(textOf(key)) ?? { kind: 'absent' })
    },
  }
}
