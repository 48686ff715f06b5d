import type { S3Client } from '@aws-sdk/client-s3'
import { InputError, StorageError, type CallOptions } from '@subnetkit/core'

import type { ShardObject, ShardSource } from './shard-source.ts'

/** Which bucket, and how it is reached. */
export interface S3ShardSourceOptions {
  readonly bucket: string
  /** Only objects below it are listed, such as `affine/results/`. */
  readonly prefix: string
  /** `https://…` of an S3-compatible store such as R2; absent for AWS itself. */
  readonly endpoint?: string
  /** @default 'auto', which R2 wants */
  readonly region?: string
  /** Absent for anonymous reads. */
  readonly credentials?: Readonly<{ accessKeyId: string; secretAccessKey: string }>
  /** Objects that one request lists, 1–1000; stores may give fewer. @default 1000 */
  readonly pageSize?: number
}

const PAGE = 1_000

/**
 * Objects of any S3-compatible bucket, read with `@aws-sdk/client-s3`, an optional peer of this package.
 *
 * @throws InputError when that package is not installed, or `pageSize` is out of range.
 */
export async function openS3ShardSource(options: S3ShardSourceOptions): Promise<ShardSource> {
  const sdk = await loadSdk()
  const { bucket, prefix, endpoint, region = 'auto', credentials, pageSize = PAGE } = options
  checkPageSize(pageSize)
  const client = new sdk.S3Client({
    region,
    forcePathStyle: endpoint !== undefined,
    // Stores other than AWS corrupt or refuse the checksums that newer SDKs add by themselves.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? { signer: unsigned, credentials: NOBODY } : { credentials }),
  })
  return {
    name: `${endpoint ?? 'aws'}/${bucket}/${prefix}`,
    list: (call) => listObjects({ sdk, client, bucket, prefix }, pageSize, call),
    open: ({ key }, call) => openObject({ sdk, client, bucket, prefix }, key, call),
    close: () => {
      client.destroy()
      return Promise.resolve()
    },
  }
}

const NOBODY = { accessKeyId: '', secretAccessKey: '' } as const
const unsigned = { sign: <Request>(request: Request): Promise<Request> => Promise.resolve(request) }

type Sdk = typeof import('@aws-sdk/client-s3')

interface Bucket {
  readonly sdk: Sdk
  readonly client: S3Client
  readonly bucket: string
  readonly prefix: string
}

function checkPageSize(pageSize: number): void {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= PAGE) return
  throw new InputError({
    field: 'pageSize',
    value: pageSize,
    problem: `must be a whole number from 1 to ${PAGE}`,
    hint: 'leave it out for as many as a store gives at once',
  })
}

async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (cause) {
    throw new InputError({
      field: '@aws-sdk/client-s3',
      problem: 'is needed to read a bucket and is not installed',
      hint: 'npm install @aws-sdk/client-s3',
      cause,
    })
  }
}

/** Pages by the last key seen: continuation tokens are not the same everywhere, keys are. */
async function* listObjects(
  { sdk, client, bucket, prefix }: Bucket,
  pageSize: number,
  call: CallOptions | undefined,
): AsyncGenerator<ShardObject, void, undefined> {
  let after: string | undefined
  for (;;) {
    const page = await translated(bucket, call, () =>
      client.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: pageSize,
          ...(after === undefined ? {} : { StartAfter: after }),
        }),
        abortable(call),
      ),
    )
    for (const { Key: key, ETag: etag, Size: bytes } of page.Contents ?? []) {
      if (key === undefined) continue
      after = key
      yield { key, etag: etag ?? '', bytes: bytes ?? 0 }
    }
    if (page.IsTruncated !== true || (page.Contents ?? []).length === 0) return
  }
}

async function* openObject(
  { sdk, client, bucket }: Bucket,
  key: string,
  call: CallOptions | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { Body: body } = await translated(`${bucket}/${key}`, call, () =>
    client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }), abortable(call)),
  )
  if (body === undefined) return
  const chunks: AsyncIterator<unknown> = body.transformToWebStream()[Symbol.asyncIterator]()
  for (;;) {
    const next = await translated(`${bucket}/${key}`, call, () => chunks.next())
    if (next.done === true) return
    if (next.value instanceof Uint8Array) yield next.value
  }
}

function abortable(call: CallOptions | undefined): { abortSignal?: AbortSignal } {
  return call?.signal === undefined ? {} : { abortSignal: call.signal }
}

async function translated<T>(
  what: string,
  call: CallOptions | undefined,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send()
  } catch (error) {
    call?.signal?.throwIfAborted()
    const status = statusOf(error)
    const code = status === 403 ? 'forbidden' : status === 404 ? 'not_found' : 'unavailable'
    const reason = error instanceof Error ? error.message : String(error)
    throw new StorageError({
      code,
      message: `object store, ${what}: ${reason}`,
      cause: error,
      details: { status },
    })
  }
}

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return null
  const { $metadata: metadata } = error
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return null
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null
}
