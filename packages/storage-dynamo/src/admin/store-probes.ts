import { createHash } from 'node:crypto'

import type { MinerScore, SampleKey, ScoreSnapshot, WeightCycle } from '@subnetkit/core'

import { NumberValue } from '../codecs/item.ts'
import { blobHeadOf } from '../conversations/blob-parts.ts'
import { conversationHeadItem } from '../conversations/conversation-items.ts'
import { dictionaryHeadItem } from '../conversations/dictionary-items.ts'
import { importShardItem } from '../migrate-r2/import-shard-items.ts'
import { executionLogItem } from '../repositories/execution-log-items.ts'
import { heldLockItem } from '../repositories/held-lock-items.ts'
import { decodeMiner, encodeNewMiner } from '../repositories/miner-items.ts'
import { minerScoreItem } from '../repositories/miner-score-items.ts'
import { requestNonceItem } from '../repositories/request-nonce-items.ts'
import { retentionPolicyItem } from '../repositories/retention-policy-items.ts'
import { sampleItem } from '../repositories/sample-items.ts'
import { bucketOf, IDS, presenceKey, readPresence } from '../repositories/sample-presence-items.ts'
import { newRecord, samplingTaskItem } from '../repositories/sampling-task-items.ts'
import { scoreSnapshotItem } from '../repositories/score-snapshot-items.ts'
import { systemConfigItem } from '../repositories/system-config-items.ts'
import { cyclePlaceItem, weightCycleItem } from '../repositories/weight-cycle-items.ts'
import { conversationDictionariesTable } from '../tables/conversation-dictionaries-table.ts'
import { dataRetentionPolicyTable } from '../tables/data-retention-policy-table.ts'
import { executionLogsTable } from '../tables/execution-logs-table.ts'
import { importShardsTable } from '../tables/import-shards-table.ts'
import { locksTable } from '../tables/locks-table.ts'
import { minerMetadataTable } from '../tables/miner-metadata-table.ts'
import { requestNoncesTable } from '../tables/request-nonces-table.ts'
import { sampleConversationsTable } from '../tables/sample-conversations-table.ts'
import { samplePresenceTable } from '../tables/sample-presence-table.ts'
import { sampleResultsTable } from '../tables/sample-results-table.ts'
import { scoreSnapshotsTable } from '../tables/score-snapshots-table.ts'
import { scoresTable } from '../tables/scores-table.ts'
import { systemConfigTable } from '../tables/system-config-table.ts'
import { taskQueueTable } from '../tables/task-queue-table.ts'
import { weightCyclesTable } from '../tables/weight-cycles-table.ts'
import { agentProbes } from './agent-probes.ts'
import { probe, type StoreProbe } from './store-probe.ts'

/** Expired long ago, so that no reader sees what a check writes where keys cannot be its own. */
const LONG_AGO = new Date('2020-01-01T00:00:00.000Z')
const HASH = 'c'.repeat(64)
const LAST_BLOCK = 999_999_999_999
const NAMES = { modelName: 'store-check', modelHash: 'store-check' } as const

/**
 * One item of every kind that the repositories keep. Their keys carry `id`, so that they meet nobody's items: its
 * miner is invalid, its task is done, its score and snapshot (of a block far ahead) have expired, so that nothing acts on them
 * while they are there.
 *
 * @param id 1–32 letters or digits.
 */
export function storeProbes(id: string, now: Date): readonly StoreProbe[] {
  const minerHotkey = `check${id}`
  const digest = createHash('sha256').update(`store check ${id}`).digest()
  const contentId = digest.toString('hex').slice(0, 32)
  const key: SampleKey = {
    minerHotkey,
    modelRevision: 'store-check',
    environment: 'store-check',
    generation: 0,
    taskId: 0,
  }
  return [
    ...samplingProbes(key, contentId, now),
    ...scoreProbes(minerHotkey, contentId, LAST_BLOCK - digest.readUInt32BE(0)),
    minerProbe(minerHotkey, now),
    probe(systemConfigTable, systemConfigItem, {
      key: `store_check.${id.toLowerCase()}`,
      setting: { type: 'boolean', value: true },
      version: 1,
      updatedAt: now,
      updatedBy: 'store-check',
    }),
    probe(requestNoncesTable, requestNonceItem, {
      hotkey: minerHotkey,
      nonce: 'store-check-nonce',
      admission: 'store-check',
      expiresAt: now,
    }),
    probe(locksTable, heldLockItem, {
      name: `store-check.${id}`,
      owner: 'store-check',
      token: 'store-check',
      expiresAt: now,
    }),
    ...cycleProbes(minerHotkey, contentId),
    ...agentProbes(minerHotkey, contentId, LONG_AGO),
    probe(importShardsTable, importShardItem, {
      source: `store-check/${id}`,
      shard: 'store-check',
      etag: null,
      counts: null,
      finishedAt: null,
    }),
    probe(dataRetentionPolicyTable, retentionPolicyItem, {
      minerHotkey,
      modelRevision: key.modelRevision,
      protectedBecause: 'store check',
      protectedSince: now,
      lastCleanupAt: null,
      updatedAt: now,
    }),
  ]
}

/** A cycle of a validator that does not exist, long ago, and the item that finds it. */
function cycleProbes(validatorHotkey: string, cycleId: string): readonly StoreProbe[] {
  const place = { netuid: 65_535, validatorHotkey, cycleId, createdAt: LONG_AGO }
  const cycle: WeightCycle = {
    ...place,
    blockNumber: 0,
    snapshotId: cycleId,
    snapshotBlock: 0,
    rule: 'store_check',
    parametersHash: HASH,
    burn: 0,
    state: 'failed',
    reason: 'store check',
    attempts: 0,
    versionKey: 18_446_744_073_709_551_615n,
    mechanism: null,
    inclusionBlock: null,
    extrinsicHash: null,
    revealBlock: null,
    effectiveBlock: null,
    weights: [{ hotkey: validatorHotkey, weight: 0.1, uid: null, value: null }],
    steps: [{ state: 'failed', at: LONG_AGO, blockNumber: null, detail: null }],
    updatedAt: LONG_AGO,
  }
  return [probe(weightCyclesTable, cyclePlaceItem, place), probe(weightCyclesTable, weightCycleItem, cycle)]
}

function samplingProbes(key: SampleKey, contentId: string, now: Date): readonly StoreProbe[] {
  const bytes = new TextEncoder().encode('store check')
  const conversation = {
    key,
    sampleId: contentId,
    compression: 'raw',
    contentBytes: bytes.byteLength,
    contentSha256: HASH,
    dictionaryIds: [],
    dictionaryBytes: 0,
    ...blobHeadOf(bytes),
  } as const
  const { minerHotkey, modelRevision, environment, generation, taskId } = key
  const scope = { minerHotkey, modelRevision, environment }
  const marks = presenceKey({ scope, generation }, bucketOf(taskId))
  return [
    probe(sampleResultsTable, sampleItem, {
      ...key,
      ...NAMES,
      uid: null,
      subset: 'store-check',
      datasetIndex: 0,
      score: 1e-7,
      success: false,
      latencyMs: 0,
      takenAt: now,
      validatorHotkey: key.minerHotkey,
      blockNumber: 0,
      signature: null,
      sampleId: contentId,
      conversationSha256: HASH,
      conversationBytes: 0,
    }),
    {
      kind: 'samplePresence',
      table: samplePresenceTable,
      item: { ...marks, [IDS]: new Set([NumberValue.from(taskId)]) },
      read: readPresence,
    },
    probe(sampleConversationsTable, conversationHeadItem, conversation),
    probe(conversationDictionariesTable, dictionaryHeadItem, {
      dictionaryId: contentId,
      contentBytes: bytes.byteLength,
      ...blobHeadOf(bytes),
    }),
    probe(
      taskQueueTable,
      samplingTaskItem,
      newRecord({
        ...key,
        modelHash: NAMES.modelHash,
        priority: 0,
        maxAttempts: 1,
        status: 'completed',
        notBefore: now,
        attempts: 1,
        lease: null,
        lastError: null,
        sampleId: contentId,
        createdAt: now,
        updatedAt: now,
      }),
    ),
    probe(executionLogsTable, executionLogItem, {
      ...key,
      attempt: 1,
      worker: 'store-check',
      outcome: 'infrastructure_fault',
      error: { kind: 'store_check', message: '' },
      score: null,
      durationMs: 0,
      finishedAt: now,
    }),
  ]
}

function scoreProbes(minerHotkey: string, snapshotId: string, blockNumber: number): readonly StoreProbe[] {
  const calculatedAt = LONG_AGO
  const score: MinerScore = {
    snapshotId,
    blockNumber,
    minerHotkey,
    uid: null,
    modelName: NAMES.modelName,
    modelRevision: 'store-check',
    firstBlock: null,
    rank: 1,
    points: 1e-7,
    weight: 0,
    averageScore: 0,
    confidenceLower: 0,
    confidenceUpper: 1,
    scoresByLayer: { '1': 0.1 },
    scoresByEnvironment: {},
    totalSamples: 0,
    isEligible: false,
    meetsCriteria: false,
    reason: 'store check',
    calculatedAt,
  }
  const snapshot: ScoreSnapshot = {
    snapshotId,
    blockNumber,
    validatorHotkey: minerHotkey,
    rule: 'store_check',
    parameters: {},
    burn: 0,
    minerCount: 1,
    eligibleCount: 0,
    scoresHash: HASH,
    top: [],
    calculatedAt,
  }
  return [probe(scoresTable, minerScoreItem, score), probe(scoreSnapshotsTable, scoreSnapshotItem, snapshot)]
}

function minerProbe(hotkey: string, now: Date): StoreProbe {
  const registration = {
    ...NAMES,
    hotkey,
    coldkey: null,
    uid: null,
    modelRevision: 'store-check',
    endpoint: null,
    endpointStatus: 'unknown',
    endpointCheckedAt: null,
    invalidReason: 'store_check',
    firstBlock: null,
    lastBlock: null,
  } as const
  return {
    kind: 'miner',
    table: minerMetadataTable,
    item: encodeNewMiner(registration, now),
    read: decodeMiner,
  }
}
