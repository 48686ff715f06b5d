import type { CallOptions, Repositories } from '@subnetkit/core'

import type { RecordRepositories } from '../../ports/record-store.ts'
import { type DrainDeps, drainOutboxes } from '../projection/drain-outboxes.ts'
import type { HeldLease } from '../projection/hold-lock.ts'
import {
  type ComparedTable,
  type CompareControl,
  compareTable,
  type TableComparison,
} from './compare-table.ts'
import type { RowDifference } from './row-difference.ts'

/** Both stores of the agent registry. */
export interface CompareRegistryDeps extends DrainDeps {
  readonly registry: DrainDeps['registry'] & Pick<Repositories, 'agentRows'>
  readonly record: Pick<RecordRepositories, 'agentRecords' | 'agentRows'>
}

/** How both stores compare. */
export interface RegistryComparison {
  readonly tables: readonly TableComparison[]
  /** The first of the differences, repaired ones included. */
  readonly differences: readonly RowDifference[]
  /** No difference is left. */
  readonly isWhole: boolean
}

/** What is told while tables are compared. */
export interface CompareRegistryParams {
  readonly isRepairing: boolean
  readonly onProgress: (table: string, rows: number) => void
}

const SMALL_ROWS = 500
const LARGE_ROWS = 100
const SHOWN = 20

type ControlOf = (table: string) => CompareControl

/**
 * Compares every row, and with `isRepairing` makes both equal: where they differ the store that decides is right; agents,
 * versions and snapshots that only the record has are put where they are decided, as long as nothing there says
 * otherwise. Evaluations and runs that only the record has were imported. The lock must be held.
 */
export async function compareRegistry(
  deps: CompareRegistryDeps,
  { isRepairing, onProgress }: CompareRegistryParams,
  lease: HeldLease,
): Promise<RegistryComparison> {
  const { agentRecords } = deps.record
  const options = { signal: lease.signal }
  const differences: RowDifference[] = []
  const tables: TableComparison[] = []
  const controlOf: ControlOf = (table) => {
    let rows = 0
    return {
      isRepairing,
      stamp: () => {
        const taken = agentRecords.stamp()
        lease.check()
        return taken
      },
      drain: async () => {
        await drainOutboxes(deps, lease)
      },
      onDifference: (difference) => {
        if (differences.length < SHOWN) differences.push(difference)
      },
      onCompared: (more) => {
        rows += more
        onProgress(table, rows)
      },
    }
  }
  for (const compare of tableComparisons(deps, options)) tables.push(await compare(controlOf))
  return { tables, differences, isWhole: tables.every((table) => leftOf(table) === 0) }
}

function leftOf({ missing, different, onlyInRecord, unreadable, repaired }: TableComparison): number {
  return missing + different + onlyInRecord + unreadable - repaired
}

/** The tables in the order in which they need each other. */
function tableComparisons(
  { registry, record, now }: CompareRegistryDeps,
  options: CallOptions,
): readonly ((controlOf: ControlOf) => Promise<TableComparison>)[] {
  const { agentRows: decided } = registry
  const { agentRecords, agentRows: copied } = record
  const comparison =
    <Row extends object, Key>(table: ComparedTable<Row, Key>) =>
    async (controlOf: ControlOf) =>
      await compareTable(table, controlOf(table.table), options)
  return [
    comparison({
      table: 'agents',
      decided: decided.agents,
      copied: copied.agents,
      idOf: ({ agentId }) => agentId,
      batch: SMALL_ROWS,
      copy: async (agents, stamp) => agentRecords.putAgents({ agents, stamp }, options),
      bringBack: async (agent) => registry.agents.put({ agent, now: now() }, options),
    }),
    comparison({
      table: 'agentVersions',
      decided: decided.agentVersions,
      copied: copied.agentVersions,
      idOf: ({ versionId }) => versionId,
      batch: SMALL_ROWS,
      copy: async (versions, stamp) => agentRecords.putVersions({ versions, stamp }, options),
      bringBack: async (version) => registry.agentVersions.put({ version, now: now() }, options),
    }),
    comparison({
      table: 'weightsSnapshots',
      decided: decided.weightsSnapshots,
      copied: copied.weightsSnapshots,
      idOf: ({ id }) => id,
      batch: LARGE_ROWS,
      copy: async (snapshots, stamp) => agentRecords.putSnapshots({ snapshots, stamp }, options),
      bringBack: async (snapshot) => {
        await registry.weightsSnapshots.put({ snapshot, now: now() }, options)
        return snapshot
      },
    }),
    comparison({
      table: 'evaluations',
      decided: decided.evaluations,
      copied: copied.evaluations,
      idOf: ({ evaluationId }) => evaluationId,
      batch: SMALL_ROWS,
      copy: async (evaluations, stamp) => agentRecords.putEvaluations({ evaluations, stamp }, options),
      bringBack: null,
    }),
    comparison({
      table: 'evaluationRuns',
      decided: decided.evaluationRuns,
      copied: copied.evaluationRuns,
      idOf: ({ runId }) => runId,
      batch: LARGE_ROWS,
      copy: async (runs, stamp) => agentRecords.putRuns({ runs, stamp }, options),
      bringBack: null,
    }),
  ]
}
