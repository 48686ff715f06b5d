import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { Evaluation } from '../models/evaluation.ts'
import type { TableReader } from '../repositories/agent-rows-repository.ts'
import type { Repositories } from '../repositories/repositories.ts'
import {
  agentNow as now,
  agentTime,
  buildAgent,
  buildAgentVersion,
  buildWeightsSnapshot,
  newUuid,
} from './agent-builders.ts'
import type { AgentRegistry } from './agent-registry.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { readPages } from './sample-suite.ts'

/** What the suite of whole tables works with. */
export interface AgentRowsStore extends AgentRegistry, Pick<Repositories, 'agentRows'> {
  /** Stores an evaluation with one run of it, each store in its own way. */
  storeEvaluation(): Promise<Readonly<{ evaluation: Evaluation; run: EvaluationRun }>>
}

/** Everything that an implementation of `AgentRowsRepository` must hold, on a real engine. */
export function agentRowsRepositoryContract(options: RepositoryContractOptions<AgentRowsStore>): void {
  describe('agent rows repository contract', () => {
    let store: AgentRowsStore
    beforeAll(async () => {
      store = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('lists every row of every table by its key, and finds it by that key only', async () => {
      const agent = await store.agents.put({ agent: buildAgent(), now })
      const { agentId } = agent
      const version = buildAgentVersion({ agentId, score: 0.1 })
      const later = buildAgentVersion({ agentId, versionNum: 1, createdAt: agentTime(-1) })
      for (const one of [version, later]) await store.agentVersions.put({ version: one, now })
      const snapshot = buildWeightsSnapshot({ timestamp: agentTime(-7) })
      await store.weightsSnapshots.put({ snapshot, now })
      const { evaluation, run } = await store.storeEvaluation()
      const { agentRows } = store
      await expectRows(agentRows.agents, [agent], { agentId: newUuid() })
      await expectRows(agentRows.agentVersions, [version, later], { ...version, agentId: newUuid() })
      await expectRows(agentRows.evaluations, [evaluation], { ...evaluation, versionId: newUuid() })
      await expectRows(agentRows.evaluationRuns, [run], { ...run, runId: newUuid() })
      await expectRows(agentRows.weightsSnapshots, [snapshot], { ...snapshot, timestamp: agentTime(-8) })
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      await expect(store.agentRows.agents.listKeys({ limit: 1 }, aborted)).rejects.toBe(reason)
      await expect(store.agentRows.agents.findMany({ keys: [buildAgent()] }, aborted)).rejects.toBe(reason)
    })
  })
}

async function expectRows<Key extends object, Row extends Key>(
  reader: TableReader<Row, Key>,
  rows: readonly Row[],
  foreign: Key,
): Promise<void> {
  const keys = await readPages(async (page) => reader.listKeys(page), 2)
  for (const row of rows) {
    expect(keys.filter((key) => isPartOf(key, row))).toHaveLength(1)
  }
  const found = await reader.findMany({ keys: [...rows, foreign] })
  const wanted = rows.map((row) => ({ kind: 'row', row }))
  expect(found).toStrictEqual([...wanted, { kind: 'absent' }])
  expect(await reader.findMany({ keys: [] })).toStrictEqual([])
}

function isPartOf(key: object, row: object): boolean {
  return Object.entries(key).every(([name, value]) => String(Reflect.get(row, name)) === String(value))
}
