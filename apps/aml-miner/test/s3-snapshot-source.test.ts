import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseS3Url, s3SnapshotSource } from '../src/adapters/s3-snapshot-source.ts'

let folder = ''
let server: S3rver
let endpoint = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 's3-source-'))
  server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: join(folder, 'store') })
  const { port } = (await server.run()) as AddressInfo
  endpoint = `http://127.0.0.1:${port}`
  const client = new S3Client({
    region: 'us-east-1',
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  })
  await client.send(new CreateBucketCommand({ Bucket: 'data-pipeline' }))
  for (const [key, body] of [
    ['snapshots/torus/2025-08-01/195/META.json', '{}'],
    ['snapshots/torus/2025-08-01/195/alerts.csv', 'alert_id\na1\n'],
    ['snapshots/torus/2025-08-01/195/deeper/features.csv', 'x\n'],
    ['snapshots/torus/2025-08-01/1950/alerts.csv', 'other\n'],
  ] as const) {
    await client.send(new PutObjectCommand({ Bucket: 'data-pipeline', Key: key, Body: body }))
  }
  client.destroy()
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

describe('s3SnapshotSource', () => {
  it('brings the objects directly under the prefix here, and only those', async () => {
    const url = 's3://data-pipeline/snapshots/torus/2025-08-01/195'
    await using source = s3SnapshotSource(url, join(folder, 'cache'), {
      endpoint,
      region: 'us-east-1',
      credentials,
    })
    const files = await source.listFiles()
    expect(files.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['META.json', 2],
      ['alerts.csv', 12],
    ])
    const text = new TextDecoder().decode(await files[1]?.read(0, 12))
    expect(text).toBe('alert_id\na1\n')
    expect(await source.listFiles()).toHaveLength(2)
  })

  it('says which URL cannot be read', async () => {
    const url = 's3://no-such-bucket/snapshots/'
    await using source = s3SnapshotSource(url, join(folder, 'cache'), {
      endpoint,
      region: 'us-east-1',
      credentials,
    })
    await expect(source.listFiles()).rejects.toMatchObject({ name: 'InputError', field: url })
  })

  it('refuses a URL that is none', () => {
    expect(() => parseS3Url('s3://x')).toThrow(/s3:\/\/bucket\/prefix/)
    expect(parseS3Url('s3://data-pipeline/a/b')).toEqual({ bucket: 'data-pipeline', prefix: 'a/b' })
  })
})
