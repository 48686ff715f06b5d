import type { CallOptions, CountAgentRowsParams } from '@subnetkit/core'

import type { DumpIndex } from './dump-index.ts'
import type { DumpTable } from './dump-tables.ts'
import { inWaves } from './in-waves.ts'
import type { ImportStores } from './store-rows.ts'

/** How many rows the stores have of what a dump gave. */
export interface StoreCounts {
  /** Where it is decided on; null for what is history only. */
  readonly decided: number | null
  readonly record: number
}

const IDS_AT_ONCE = 1_000

/** Counts by ids what is in the stores of a dump, whoever put it there. */
export async function countImported(
  stores: ImportStores,
  index: DumpIndex,
  options: CallOptions,
): Promise<Readonly<Record<DumpTable, StoreCounts>>> {
  // In the order of the tables' keys, so that each question is one range of them.
  const [agents, versions, evaluations, snapshots] = (
    ['agents', 'agent_versions', 'evaluations', 'weights_history'] as const
  ).map((table) => [...index.keptIds(table)].sort())
  const inRecord = async (of: CountAgentRowsParams['of'], ids: readonly string[] = []): Promise<number> => {
    let rows = 0
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      rows += await stores.agentRecords.count({ of, ids: ids.slice(from, from + IDS_AT_ONCE) }, options)
    }
    return rows
  }
  const found = async (
    ids: readonly string[] = [],
    find: (id: string) => Promise<object | null>,
  ): Promise<number> => {
    let rows = 0
    await inWaves(ids, async (id) => {
      options.signal?.throwIfAborted()
      if ((await find(id)) !== null) rows += 1
    })
    return rows
  }
  return {
    agents: {
      decided: await found(agents, async (agentId) => await stores.agents.find({ agentId }, options)),
      record: await inRecord('agents', agents),
    },
    agent_versions: {
      decided: await found(
        versions,
        async (versionId) => await stores.agentVersions.find({ versionId }, options),
      ),
      record: await inRecord('versions', agents),
    },
    evaluations: { decided: null, record: await inRecord('evaluations', versions) },
    evaluation_runs: { decided: null, record: await inRecord('runs', evaluations) },
    weights_history: {
      decided: await found(snapshots, async (id) => await stores.weightsSnapshots.find({ id }, options)),
      record: await inRecord('snapshots', snapshots),
    },
  }
}
