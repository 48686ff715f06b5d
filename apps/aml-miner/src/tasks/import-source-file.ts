import { createHash, type Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

import { type ImportResult, InputError, type SnapshotKey, type TransferImportOptions } from '@subnetkit/core'

import type { FileDigests } from '../adapters/file-digests.ts'
import { readSourceColumns } from '../adapters/source-columns.ts'
import type { SourceFile } from '../ports/snapshot-source.ts'
import type { SnapshotFileRole } from '../snapshot/snapshot-files.ts'
import type { DayDeps, StepOptions } from './day-steps.ts'

/** One file on its way in, with the digests that it was checked by. */
export interface ImportSourceFileParams {
  readonly key: SnapshotKey
  readonly file: SourceFile
  readonly role: SnapshotFileRole
  readonly digests: FileDigests
  readonly columnMap?: Readonly<Record<string, string>>
  readonly transfers?: TransferImportOptions
}

/**
 * Streams one file into the store. Its bytes are hashed once more on the way, so that a file which changed after its
 * check is refused too.
 */
export async function importSourceFile(
  deps: DayDeps,
  params: ImportSourceFileParams,
  options: StepOptions,
): Promise<ImportResult> {
  const { file, role, key, columnMap, transfers } = params
  options.progress(`loading ${file.name}`)
  const sourceColumns = await readSourceColumns(file, role.format, role.isGzipped)
  const hash = createHash('sha256')
  const result = await deps.repositories.snapshotImports.importFile(
    {
      key,
      target: role.target,
      fileName: file.name,
      format: role.format,
      sourceColumns,
      ...(columnMap === undefined ? {} : { columnMap }),
      ...(transfers === undefined ? {} : { transfers }),
      content: role.isGzipped ? unzipped(file, hash, options.signal) : hashed(file, hash, options.signal),
    },
    { signal: options.signal },
  )
  if (hash.digest('hex') !== params.digests.sha256) {
    throw new InputError({
      field: file.name,
      problem: 'changed while it was being loaded',
      hint: 'run again when nobody writes to it; nothing became visible',
    })
  }
  return result
}

async function* hashed(file: SourceFile, hash: Hash, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of file.open(signal)) {
    hash.update(chunk)
    yield chunk
  }
}

async function* unzipped(file: SourceFile, hash: Hash, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  let failure: unknown = null
  // The rejection is kept, since it arrives before or after the reader below notices that the stream is gone.
  const pumped = pipeline(Readable.from(hashed(file, hash, signal)), gunzip).catch((error: unknown) => {
    failure = error
  })
  try {
    for await (const chunk of gunzip) if (chunk instanceof Uint8Array) yield chunk
    await pumped
  } catch (error) {
    await pumped
    failure ??= error
  } finally {
    gunzip.destroy()
  }
  if (failure !== null) throw explainUnzip(file, failure, signal)
}

function explainUnzip({ name }: SourceFile, failure: unknown, signal: AbortSignal): unknown {
  if (signal.aborted || !isZlibError(failure)) return failure
  return new InputError({
    field: name,
    problem: 'is not a whole gzip file',
    hint: 'fetch it again, it may be cut off',
    cause: failure,
  })
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
