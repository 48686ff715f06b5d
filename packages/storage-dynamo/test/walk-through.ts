import { type MinerScore, scoresHash, snapshotIdOf } from '@subnetkit/core'

import {
  allTables,
  connectDynamo,
  createDynamoRepositories,
  reconcileTables,
  startEmbeddedDynamo,
} from '../src/index.ts'

/** The README's way through the store, from nothing to a protected miner. `say` receives a line per step. */
export async function walkThrough(folder: string, say: (line: string) => void): Promise<void> {
  // 1. Nothing: an engine, a connection, tables.
  await using engine = await startEmbeddedDynamo({ folder })
  await using connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'affine' })
  const made = await reconcileTables({ connection, tables: allTables })
  say(`${made.length} tables`)
  const store = createDynamoRepositories(connection)
  const now = new Date('2026-01-01T00:00:00Z')
  const minerHotkey = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
  const scope = { minerHotkey, modelRevision: 'a1b2c3', environment: 'sat' }
  const model = { modelName: 'org/model', modelHash: 'sha256-of-its-weights' }

  // 2. Save a sample: metadata, and what was said. The prompt that all miners get is stored once.
  const key = { ...scope, generation: 1, taskId: 7 }
  const prompt = 'Find an assignment that satisfies (x1 or not x2) and (x2 or x3).'
  const answer = { uid: 42, subset: '3-sat', datasetIndex: 7, score: 1, success: true, latencyMs: 840 }
  const taken = { takenAt: now, validatorHotkey: '5Validator', blockNumber: 5_000_000, signature: null }
  const messages = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: '{"x1": true, "x2": false, "x3": true}' },
  ]
  const saved = await store.samples.put({
    sample: { ...key, ...model, ...answer, ...taken },
    conversation: { messages, details: { usage: { total_tokens: 61 } } },
    sharedPrompt: prompt,
  })
  say(`sample of task ${saved.sample.taskId}: ${saved.outcome}`)

  // 3. Create a task, claim it, complete it. A second worker gets nothing; the lease's token decides.
  const task = { ...key, ...model, taskId: 8, priority: 100, maxAttempts: 5 }
  const { modelName: _name, ...newTask } = task
  await store.samplingTasks.create({ tasks: [newTask], now })
  const claim = { environment: 'sat', owner: 'host:1', claimId: 'claim-1', limit: 1, leaseMs: 60_000, now }
  const claimed = await store.samplingTasks.claim(claim)
  say(`claimed by the first: ${claimed.length}`)
  say(`left for a second: ${(await store.samplingTasks.claim({ ...claim, claimId: 'claim-2' })).length}`)
  const taskKey = { ...scope, generation: 1, taskId: 8 }
  const next = await store.samples.put({
    sample: { ...taskKey, ...model, ...answer, datasetIndex: 8, ...taken },
    conversation: { messages, details: {} },
    sharedPrompt: prompt,
  })
  const lease = { key: taskKey, token: 'claim-1', now }
  const done = await store.samplingTasks.complete({ ...lease, sampleId: next.sample.sampleId })
  say(`task ${done.taskId}: ${done.status}`)
  const present = await store.samples.listPresentTaskIds({ scope, fromGeneration: 1, toGeneration: 1 })
  say(`present: ${present.join(', ')}`)

  // 4. Save scores as one snapshot, and read the latest.
  const block = { blockNumber: 5_000_000, calculatedAt: now }
  const interval = { confidenceLower: 0.6, confidenceUpper: 1 }
  const sat = { score: 1, sampleCount: 2, completeness: 1, threshold: 1, isValid: true, ...interval }
  const scored = {
    minerHotkey,
    uid: 42,
    modelName: 'org/model',
    modelRevision: 'a1b2c3',
    firstBlock: 4_900_000,
  }
  const worth = { rank: 1, points: 8, weight: 1, averageScore: 1, totalSamples: 2, reason: null }
  const parts = {
    scoresByLayer: { '1': 8 },
    scoresByEnvironment: { sat },
    isEligible: true,
    meetsCriteria: true,
  }
  const score: MinerScore = { ...block, ...scored, ...interval, ...worth, ...parts, snapshotId: '' }
  const about = { rule: 'layers', parameters: {}, burn: 0, minerCount: 1, eligibleCount: 1 }
  const content = { ...block, ...about, validatorHotkey: '5Validator', scoresHash: scoresHash([score]) }
  const snapshotId = snapshotIdOf(content)
  const top = [{ minerHotkey, modelRevision: 'a1b2c3', uid: 42, rank: 1, weight: 1 }]
  const snapshot = { ...content, snapshotId, top }
  await store.minerScores.publish({ snapshot, scores: [{ ...score, snapshotId }] })
  const latest = await store.minerScores.findLatestSnapshot({ now })
  say(`latest scores: block ${latest?.blockNumber}`)

  // 5. Set configuration. Who saw an older version is refused.
  const setting = { type: 'integer', value: 4n } as const
  const change = { key: 'sampling.per_miner', setting, updatedBy: 'alice', now }
  const config = await store.systemConfig.put({ ...change, expectedVersion: 0 })
  say(`${config.key} is ${config.setting.value}, version ${config.version}`)

  // 6. Protect a miner's model: its samples outlive the usual term.
  const because = 'rank 1 at block 5000000'
  await store.retentionPolicies.protect({ minerHotkey, modelRevision: 'a1b2c3', because, now })
  const policy = await store.retentionPolicies.find({ minerHotkey, modelRevision: 'a1b2c3' })
  say(`protected because of ${policy?.protectedBecause}`)
}
