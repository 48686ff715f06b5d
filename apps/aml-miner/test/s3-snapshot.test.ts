import { readdir, readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import S3rver from 's3rver'
import { expect, it } from 'vitest'

import { callMiner } from './fixtures/miner-call.ts'
import { writeSnapshot } from './fixtures/published-snapshot.ts'
import {
  dayFlagsOf,
  dayOf,
  freshNetwork,
  openMiner,
  sharedDataDir,
  tempFolder,
  visibleBatch,
} from './fixtures/test-miner.ts'

it('a snapshot in an object store is the same snapshot', async () => {
  await using temp = await tempFolder()
  const dataDir = sharedDataDir()
  const day = dayOf(freshNetwork())
  const folder = await writeSnapshot(join(temp.path, 'snapshot'), day, { format: 'parquet' })
  const directory = join(temp.path, 'store')
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory })
  const listening: AddressInfo = await server.run()
  try {
    const endpoint = `http://127.0.0.1:${listening.port}`
    const prefix = `snapshots/${day.network}/${day.processingDate}/30`
    await upload(endpoint, prefix, folder)
    const environment = {
      RISK_SCORING_S3_ENDPOINT: endpoint,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
    }
    const url = `s3://data-pipeline/${prefix}`
    const remote = await callMiner({ dataDir, environment }, 'run', ...dayFlagsOf(day), '--snapshot', url)
    expect(remote).toMatchObject({ code: 0 })
    await using miner = await openMiner(day.network)
    const batch = await visibleBatch(miner, day)
    const snapshot = await miner.deps.repositories.snapshots.findReady({ key: day })
    expect(snapshot).toMatchObject({ source: url, countAlerts: 12, countAddressLabels: 4 })
    const local = await callMiner({ dataDir }, 'run', ...dayFlagsOf(day), '--snapshot', folder)
    expect(local.out).toMatch(/was there already[\s\S]*was completed already/)
    expect((await visibleBatch(miner, day)).batchId).toBe(batch.batchId)
  } finally {
    await server.close()
  }
})

async function upload(endpoint: string, prefix: string, folder: string): Promise<void> {
  const client = new S3Client({
    region: 'us-east-1',
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  })
  await client.send(new CreateBucketCommand({ Bucket: 'data-pipeline' }))
  for (const name of await readdir(folder)) {
    const Body = await readFile(join(folder, name))
    await client.send(new PutObjectCommand({ Bucket: 'data-pipeline', Key: `${prefix}/${name}`, Body }))
  }
  client.destroy()
}
