import type { Agent, AgentVersion, Evaluation, EvaluationRun } from '@subnetkit/core'

import { agentItem, hotkeyClaimItem } from '../repositories/agent-items.ts'
import { agentVersionItem, versionPlaceItem } from '../repositories/agent-version-items.ts'
import { evaluationItem, evaluationPlaceItem } from '../repositories/evaluation-items.ts'
import { evaluationRunItem } from '../repositories/evaluation-run-items.ts'
import { outboxItem } from '../repositories/outbox-items.ts'
import { snapshotPlaceItem, weightsSnapshotItem } from '../repositories/weights-snapshot-items.ts'
import { agentVersionsTable } from '../tables/agent-versions-table.ts'
import { agentsTable } from '../tables/agents-table.ts'
import { evaluationRunsTable } from '../tables/evaluation-runs-table.ts'
import { evaluationsTable } from '../tables/evaluations-table.ts'
import { outboxTable } from '../tables/outbox-table.ts'
import { weightsHistoryTable } from '../tables/weights-history-table.ts'
import { probe, type StoreProbe } from './store-probe.ts'
import { uploadProbes } from './upload-probes.ts'

/** Nobody copies what a check writes. */
const copied = { awaitsCopy: false, revision: 1 }

/**
 * One item of every kind of the agent registry, made `at` a time long ago: an agent of a miner that does not exist, an
 * evaluation that nobody will begin, weights that are not the newest.
 *
 * @param contentId 32 hex digits that become the id of each.
 */
export function agentProbes(minerHotkey: string, contentId: string, at: Date): readonly StoreProbe[] {
  const id = uuidOf(contentId)
  const agent: Agent = {
    agentId: id,
    minerHotkey,
    name: 'store-check',
    latestVersion: 0,
    createdAt: at,
    lastUpdated: at,
  }
  const version: AgentVersion = { versionId: id, agentId: id, versionNum: 0, createdAt: at, score: 0.1 }
  const snapshot = { id, timestamp: at }
  return [
    probe(agentsTable, hotkeyClaimItem, { minerHotkey, agentId: id }),
    probe(agentsTable, agentItem, agent),
    probe(agentVersionsTable, versionPlaceItem, { versionId: id, agentId: id, createdAt: at }),
    probe(agentVersionsTable, agentVersionItem, { ...version, ...copied }),
    ...evaluationProbes(id, minerHotkey, at),
    ...uploadProbes(minerHotkey, id, at),
    probe(outboxTable, outboxItem, {
      entryId: id,
      subject: { kind: 'agent', agentId: id },
      state: 'pending',
      putAt: at,
    }),
    probe(weightsHistoryTable, snapshotPlaceItem, snapshot),
    probe(weightsHistoryTable, weightsSnapshotItem, {
      ...snapshot,
      timeSinceLastUpdateSeconds: null,
      minerWeights: [{ minerHotkey, weight: 0.1 }],
    }),
  ]
}

function evaluationProbes(id: string, validatorHotkey: string, at: Date): readonly StoreProbe[] {
  const evaluation: Evaluation = {
    evaluationId: id,
    versionId: id,
    validatorHotkey,
    status: 'cancelled',
    attempt: 1,
    terminatedReason: 'store check',
    createdAt: at,
    startedAt: null,
    finishedAt: at,
    score: null,
  }
  const run: EvaluationRun = {
    runId: id,
    evaluationId: id,
    attempt: 1,
    swebenchInstanceId: 'store-check',
    status: 'cancelled',
    response: null,
    error: 'store check',
    passToFailSuccess: [],
    failToPassSuccess: [],
    passToPassSuccess: [],
    failToFailSuccess: [],
    solved: null,
    startedAt: at,
    sandboxCreatedAt: null,
    patchGeneratedAt: null,
    evalStartedAt: null,
    resultScoredAt: null,
  }
  return [
    probe(evaluationsTable, evaluationPlaceItem, { evaluationId: id, versionId: id, validatorHotkey }),
    probe(evaluationsTable, evaluationItem, { ...evaluation, claimId: null, isSettled: true, ...copied }),
    probe(evaluationRunsTable, evaluationRunItem, { ...run, ...copied }),
  ]
}

/** The digits as a UUID of version 4. */
function uuidOf(hex: string): string {
  const [a, b, c, d, e] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(13, 16),
    hex.slice(17, 20),
    hex.slice(20),
  ]
  return `${a}-${b}-4${c}-8${d}-${e}`
}
