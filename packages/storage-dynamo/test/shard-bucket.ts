import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import S3rver from 's3rver'

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

/** A bucket on a real S3-compatible server, for shards of the earlier system. */
export interface ShardBucket extends AsyncDisposable {
  readonly source: Readonly<{
    bucket: string
    endpoint: string
    region: string
    credentials: Readonly<{ accessKeyId: string; secretAccessKey: string }>
  }>
  put(key: string, body: string): Promise<void>
  remove(key: string): Promise<void>
}

/** Starts the server with one empty bucket; its files go when it is closed. */
export async function startShardBucket(): Promise<ShardBucket> {
  const folder = await mkdtemp(join(tmpdir(), 'subnetkit-shards-'))
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder })
  const { port }: AddressInfo = await server.run()
  const endpoint = `http://127.0.0.1:${port}`
  const region = 'us-east-1'
  const client = new S3Client({ region, endpoint, forcePathStyle: true, credentials })
  const bucket = 'affine'
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return {
    source: { bucket, endpoint, region, credentials },
    put: async (key, body) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
