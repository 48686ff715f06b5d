import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { InputError, StorageError } from '@subnetkit/core'

import type { SnapshotSource, SourceFile } from '../ports/snapshot-source.ts'
import { openLocalFile } from './local-file.ts'

/** How an object store is reached. */
export interface S3Options {
  /** `https://…` of an S3-compatible store; absent for AWS itself. */
  readonly endpoint?: string
  readonly region: string
  /** Absent for anonymous reads, which published snapshots allow. */
  readonly credentials?: Readonly<{ accessKeyId: string; secretAccessKey: string }>
}

/** Largest object that is fetched; a bigger one is refused before any byte is read. */
const MAX_OBJECT_BYTES = 64 * 1024 ** 3

interface RemoteObject {
  readonly key: string
  readonly sizeBytes: number
  readonly etag: string
}

/** Bucket and prefix of an `s3://bucket/prefix` URL. */
export function parseS3Url(url: string): { bucket: string; prefix: string } {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*)$/.exec(url)
  if (match?.[1] === undefined || match[2] === undefined || match[2] === '') {
    throw new InputError({
      field: 'S3 URL',
      value: url,
      problem: 'is not s3://bucket/prefix',
      hint: 'for example s3://data-pipeline/snapshots/torus/2025-08-01/195',
    })
  }
  return { bucket: match[1], prefix: match[2] }
}

/**
 * The objects directly under an `s3://bucket/prefix` URL (or that one object), fetched into `cacheFolder` when listed.
 * What is there already with the same size and ETag is not fetched again, so an interrupted fetch resumes by file.
 */
export function s3SnapshotSource(url: string, cacheFolder: string, options: S3Options): SnapshotSource {
  const { bucket, prefix } = parseS3Url(url)
  const folder = join(cacheFolder, createHash('sha256').update(url).digest('hex').slice(0, 16))
  const client = createS3Client(options)
  return {
    description: url,
    listFiles: async (signal) => {
      const objects = await translated(url, () => listObjects(client, bucket, prefix, signal))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const files: SourceFile[] = []
      for (const object of objects) {
        const path = await translated(url, () => fetchObject(client, bucket, object, folder, signal))
        files.push({ ...(await openLocalFile(path)), name: basename(object.key) })
      }
      return files
    },
    [Symbol.asyncDispose]: () => {
      client.destroy()
      return Promise.resolve()
    },
  }
}

function createS3Client(options: S3Options): S3Client {
  const { credentials, endpoint, region } = options
  return new S3Client({
    region,
    forcePathStyle: endpoint !== undefined,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined
      ? {
          credentials: { accessKeyId: 'anonymous', secretAccessKey: 'anonymous' },
          signer: { sign: (request) => Promise.resolve(request) },
        }
      : { credentials }),
  })
}

async function listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
  signal?: AbortSignal,
): Promise<readonly RemoteObject[]> {
  const objects: RemoteObject[] = []
  let token: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
      signal === undefined ? {} : { abortSignal: signal },
    )
    for (const { Key, Size, ETag } of page.Contents ?? []) {
      if (Key === undefined || Size === undefined || !isDirectlyUnder(Key, prefix)) continue
      objects.push({ key: Key, sizeBytes: Size, etag: ETag ?? '' })
    }
    token = page.NextContinuationToken
  } while (token !== undefined)
  return objects
}

function isDirectlyUnder(key: string, prefix: string): boolean {
  if (key === prefix) return true
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`
  return key.startsWith(folder) && key.length > folder.length && !key.slice(folder.length).includes('/')
}

async function fetchObject(
  client: S3Client,
  bucket: string,
  object: RemoteObject,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  if (object.sizeBytes > MAX_OBJECT_BYTES) {
    throw new InputError({
      field: object.key,
      value: object.sizeBytes,
      problem: `is larger than ${MAX_OBJECT_BYTES} bytes`,
      hint: 'fetch it by other means and give its folder',
    })
  }
  const version = createHash('sha256').update(`${object.etag} ${object.sizeBytes}`).digest('hex').slice(0, 16)
  const path = join(folder, `${version}-${basename(object.key)}`)
  if (await hasSize(path, object.sizeBytes)) return path
  const options = signal === undefined ? {} : { abortSignal: signal }
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: object.key }), options)
  if (!(Body instanceof Readable)) {
    throw new StorageError({ code: 'unavailable', message: `${object.key} came without a body` })
  }
  const partial = `${path}.part`
  await pipeline(Body, createWriteStream(partial, { mode: 0o600 }), signal === undefined ? {} : { signal })
  if (!(await hasSize(partial, object.sizeBytes))) {
    await rm(partial, { force: true })
    throw new StorageError({
      code: 'unavailable',
      message: `${object.key} was cut off on its way; run again`,
    })
  }
  await rename(partial, path)
  return path
}

async function hasSize(path: string, sizeBytes: number): Promise<boolean> {
  try {
    return (await stat(path)).size === sizeBytes
  } catch {
    return false
  }
}

async function translated<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof Error) || !('$metadata' in error || 'code' in error)) throw error
    if (error.name === 'AbortError' || error.name === 'StorageError') throw error
    throw new InputError({
      field: url,
      problem: `cannot be read from the object store (${error.name}: ${error.message})`,
      hint: 'check the URL, RISK_SCORING_S3_ENDPOINT and _REGION and, for private buckets, the AWS credentials',
      cause: error,
    })
  }
}
