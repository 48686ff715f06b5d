import { afterAll, beforeAll, expect, it } from 'vitest'

import { checkTables } from '../src/index.ts'
import { addressLabelRow } from '../src/repositories/address-label-rows.ts'
import { alertClusterRow } from '../src/repositories/alert-cluster-rows.ts'
import { alertRankingRow } from '../src/repositories/alert-ranking-rows.ts'
import { alertRow } from '../src/repositories/alert-rows.ts'
import { alertScoreRow } from '../src/repositories/alert-score-rows.ts'
import { batchRow } from '../src/repositories/batch-rows.ts'
import { clusterScoreRow } from '../src/repositories/cluster-score-rows.ts'
import { featureRow } from '../src/repositories/feature-rows.ts'
import { moneyFlowRow } from '../src/repositories/money-flow-rows.ts'
import { snapshotRow } from '../src/repositories/snapshot-rows.ts'
import { transferRow } from '../src/repositories/transfer-rows.ts'
import { readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'
import { openMinerStore, type MinerStore } from './miner-store.ts'

const codecs = [
  addressLabelRow,
  alertClusterRow,
  alertRankingRow,
  alertRow,
  alertScoreRow,
  batchRow,
  clusterScoreRow,
  featureRow,
  moneyFlowRow,
  snapshotRow,
  transferRow,
]

describeOnEachEngine('drift between codecs and migrations', (engine) => {
  let store: MinerStore
  beforeAll(async () => {
    store = await openMinerStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })

  it('finds none after the migrations', async () => {
    await expect(checkTables(store.connection, codecs)).resolves.toBeUndefined()
  })

  it.each(codecs.map((codec) => [codec.table, codec] as const))(
    '%s has the columns of its codec in their order, then created_at',
    async (table, { expectedColumns }) => {
      const text = await readText(
        store.connection,
        `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${table}' ORDER BY position FORMAT TabSeparatedRaw`,
      )
      const columns = text
        .trim()
        .split('\n')
        .map((line) => line.split('\t'))
      const expected = expectedColumns.map(({ name, type }) => [name, type])
      expect(columns).toEqual([...expected, ['created_at', 'DateTime']])
    },
  )

  it('covers every miner table', async () => {
    const text = await readText(store.connection, `SHOW TABLES LIKE 'miner%' FORMAT TabSeparatedRaw`)
    expect(text.trim().split('\n')).toEqual(codecs.map(({ table }) => table).toSorted())
  })

  it('says which column of which table drifted', async () => {
    await store.connection.command({ sql: 'ALTER TABLE miner_cluster_scores MODIFY COLUMN score Float32' })
    await expect(checkTables(store.connection, codecs)).rejects.toThrow(/miner_cluster_scores.*score/)
  })
})
