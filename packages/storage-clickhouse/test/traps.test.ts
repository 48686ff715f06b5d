import {
  buildAlert,
  buildAlertScore,
  buildBatch,
  buildBatchKey,
  buildFeature,
  buildSnapshotKey,
  buildTransfer,
  decimal,
} from '@subnetkit/core/contracts'
import { isStorageError } from '@subnetkit/core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { migrate, packagedMigrations, readMigrations } from '../src/index.ts'
import { readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'
import { openMinerStore, type MinerStore } from './miner-store.ts'

/** What the first design of these tables got wrong, each with the decision taken here. */
describeOnEachEngine('traps of the first schema', (engine) => {
  let store: MinerStore
  beforeAll(async () => {
    store = await openMinerStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })
  const ask = async (sql: string): Promise<string> =>
    (await readText(store.connection, `${sql} FORMAT TabSeparatedRaw`)).trim()

  // 1. Nested columns are parallel arrays, not records: counts and versions of a batch are flat columns.
  it('keeps the numbers of a batch in flat columns', async () => {
    const nested = `SELECT count() FROM system.columns WHERE database = currentDatabase() AND table = 'miner_batch_metadata' AND (type LIKE 'Array%' OR type LIKE 'Nested%' OR type LIKE 'Tuple%' OR name LIKE '%.%')`
    expect(await ask(nested)).toBe('0')
    const batch = buildBatch({ inputCountsAlerts: 86, modelVersionsClusterScorer: 'v3' })
    await store.repositories.batches.put({ batch })
    expect(
      await ask(
        `SELECT input_counts_alerts, model_versions_cluster_scorer FROM miner_batch_metadata FINAL WHERE batch_id = '${batch.batchId}'`,
      ),
    ).toBe('86\tv3')
  })

  // 2. Without the window in the key, windows of one day overwrite each other: it stands in every key.
  it('has network, date, window and version in front of every key', async () => {
    const keys = await ask(
      `SELECT DISTINCT arrayStringConcat(arraySlice(splitByString(', ', sorting_key), 1, 3), ' ') FROM system.tables WHERE database = currentDatabase() AND name LIKE 'miner%'`,
    )
    expect(keys).toBe('network processing_date window_days')
    const key = buildBatchKey()
    for (const windowDays of [7, 30, 90, 195])
      await store.repositories.alertScores.put({ rows: [buildAlertScore({ ...key, windowDays }, 0)] })
    for (const windowDays of [7, 30, 90, 195])
      expect(await store.repositories.alertScores.count({ key: { ...key, windowDays } })).toBe(1)
  })

  // 3. A plain MergeTree doubles a re-run: all tables replace by key, and every read says FINAL.
  it('replaces on a re-run, before any merge', async () => {
    expect(
      await ask(
        `SELECT DISTINCT engine FROM system.tables WHERE database = currentDatabase() AND name LIKE 'miner%'`,
      ),
    ).toBe('ReplacingMergeTree')
    const key = buildSnapshotKey()
    await store.connection.command({ sql: 'SYSTEM STOP MERGES miner_raw_features' })
    for (const featureValue of [1, 2, 3])
      await store.repositories.features.put({ rows: [buildFeature(key, 0, { featureValue })] })
    expect(await ask(`SELECT count() FROM miner_raw_features WHERE snapshot_id = '${key.snapshotId}'`)).toBe(
      '3',
    )
    expect((await store.repositories.features.list({ key, limit: 10 })).items).toEqual([
      buildFeature(key, 0, { featureValue: 3 }),
    ])
    await store.connection.command({ sql: 'SYSTEM START MERGES miner_raw_features' })
  })

  // 3b. A skip index may hide the newest version and let an old one through: FINAL must look at the index exactly.
  it('does not resurrect an old score through the index on scores', async () => {
    const key = buildBatchKey()
    await store.connection.command({ sql: 'SYSTEM STOP MERGES miner_alert_scores' })
    await store.repositories.alertScores.put({ rows: [buildAlertScore(key, 0, { score: 0.9 })] })
    await store.repositories.alertScores.put({ rows: [buildAlertScore(key, 0, { score: 0.1 })] })
    expect(
      await ask(
        `SELECT count() FROM miner_alert_scores FINAL WHERE batch_id = '${key.batchId}' AND score > 0.5`,
      ),
    ).toBe('0')
    await store.connection.command({ sql: 'SYSTEM START MERGES miner_alert_scores' })
  })

  // 4. Sources write severities in both cases: one case inside, an unknown one is refused by model and engine alike.
  it('knows four severities and refuses a fifth', async () => {
    const key = buildSnapshotKey()
    const alien = { ...buildAlert(key), severity: 'urgent' as 'low' }
    const refused: unknown = await store.repositories.alerts
      .put({ rows: [alien] })
      .catch((error: unknown) => error)
    expect(isStorageError(refused, 'invalid_input')).toBe(true)
    await expect(
      store.connection.command({ sql: `INSERT INTO miner_raw_alerts (severity) VALUES ('URGENT')` }),
    ).rejects.toThrow(/severity|Enum|Unknown element/)
  })

  // 5. Decimal(18, 2) rounds and overflows: 18 places, 20 digits before them for amounts and 58 for sums.
  it('keeps token amounts with 18 places, and refuses what does not fit instead of rounding it', async () => {
    const key = buildSnapshotKey()
    const kept = buildTransfer(key, 0, {
      amount: decimal('1000000000000.000000000000000001'),
      amountUsd: decimal('99999999999999999999.999999999999999999'),
    })
    await store.repositories.transfers.put({ rows: [kept] })
    expect((await store.repositories.transfers.list({ key, limit: 1 })).items).toEqual([kept])
    for (const text of ['100000000000000000000', '0.0000000000000000001']) {
      const refused: unknown = await store.repositories.transfers
        .put({ rows: [buildTransfer(key, 1, { amount: decimal(text) })] })
        .catch((error: unknown) => error)
      expect(isStorageError(refused, 'invalid_input')).toBe(true)
      expect(String(refused)).toContain('amount')
    }
    const sum = buildAlert(key, 0, { volumeUsd: decimal(`${'9'.repeat(58)}.${'9'.repeat(18)}`) })
    await store.repositories.alerts.put({ rows: [sum] })
    expect(await store.repositories.alerts.find({ key, alertId: sum.alertId })).toEqual(sum)
  })

  // 6. Scores could not say from which inputs they came: each row names its batch, model and inputs.
  it.each(['miner_alert_scores', 'miner_alert_rankings', 'miner_cluster_scores'])(
    '%s says from which inputs and model it came',
    async (table) => {
      const columns = await ask(
        `SELECT arrayStringConcat(arraySort(groupArray(name)), ' ') FROM system.columns WHERE database = currentDatabase() AND table = '${table}' AND name IN ('batch_id', 'inputs_hash', 'model_version', 'score')`,
      )
      expect(columns).toBe('batch_id inputs_hash model_version score')
    },
  )

  // 7. Splitting SQL at semicolons breaks literals, and nothing recorded what ran: one statement per file, and a ledger.
  it('has one statement per file, a reason in front, and a ledger that makes a second run harmless', async () => {
    const folder = await packagedMigrations('miner')
    const files = await readMigrations(folder)
    expect(files.length).toBeGreaterThanOrEqual(11)
    const again = await migrate(store.connection, { folder, now: () => new Date(0) })
    expect(again).toEqual({ applied: [], unchanged: files.length })
  })

  // 8. Scripts wrote states that the enum did not know: the model's states are the table's states.
  it('knows exactly the states of the model', async () => {
    const states = await ask(
      `SELECT type FROM system.columns WHERE database = currentDatabase() AND table = 'miner_batch_metadata' AND name = 'status'`,
    )
    expect(states).toBe(`Enum8('PROCESSING' = 1, 'COMPLETED' = 2, 'FAILED' = 3)`)
    await expect(
      store.connection.command({ sql: `INSERT INTO miner_batch_metadata (status) VALUES ('DOWNLOADED')` }),
    ).rejects.toThrow(/status|Enum|Unknown element/)
  })

  // 9. Partitions by network and month: a batch of one day is one part, whatever its size.
  it('writes a day into one partition', async () => {
    const key = buildSnapshotKey({ network: 'one_part' })
    await store.repositories.transfers.put({
      rows: Array.from({ length: 2_000 }, (_unused, number) => buildTransfer(key, number)),
    })
    expect(
      await ask(
        `SELECT uniqExact(partition) FROM system.parts WHERE database = currentDatabase() AND table = 'miner_raw_transfers' AND partition LIKE '%one_part%' AND active`,
      ),
    ).toBe('1')
    expect(
      await ask(
        `SELECT DISTINCT partition_key FROM system.tables WHERE database = currentDatabase() AND name LIKE 'miner%'`,
      ),
    ).toBe('(network, toYYYYMM(processing_date))')
  })

  // 10. A second engine existed on paper only: the same suites run on each engine, so here are the doubtful functions.
  it('has the skip indexes that were asked for, and uses them under FINAL', async () => {
    const indexes = await ask(
      `SELECT arrayStringConcat(arraySort(groupArray(concat(table, ':', expr, ':', type))), ' ') FROM system.data_skipping_indices WHERE database = currentDatabase() AND (expr = 'alert_id' OR expr = 'score')`,
    )
    expect(indexes).toBe(
      'miner_alert_scores:alert_id:bloom_filter miner_alert_scores:score:minmax miner_cluster_scores:score:minmax miner_raw_alerts:alert_id:bloom_filter',
    )
    const plan = await ask(
      `EXPLAIN indexes = 1 SELECT count() FROM miner_raw_alerts FINAL WHERE alert_id = 'nobody'`,
    )
    expect(plan).toContain('alert_id_bloom')
  })
})
